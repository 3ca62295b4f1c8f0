"""What is wrong with somebody's own backpropagation: recognise its convention, find the equation, name the mistake."""
