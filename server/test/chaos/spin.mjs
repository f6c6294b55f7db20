// Loaded before the product: asked by a signal, its only thread goes round for ever and answers nobody.
process.on('SIGUSR2', () => {
  for (;;);
})
