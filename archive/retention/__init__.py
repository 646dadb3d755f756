"""How long records are kept, what holds them longer, and how two persons dispose of them."""
