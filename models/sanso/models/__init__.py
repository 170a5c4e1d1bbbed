"""Where the model comes from: data, training, export, evaluation; and the shipped model itself."""
