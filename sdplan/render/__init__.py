"""Renderings: solved designs as text, tables, pictures, pages and documents."""
