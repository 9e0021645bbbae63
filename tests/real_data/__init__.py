"""The main job on a real year of sales: 85 accounts, 7 products, 8,800 potentials."""
