/** Hands a text to the browser's downloads. */
export function saveText(name: string, text: string): void {
  saveFile(name, text, 'text/markdown;charset=utf-8')
}

export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by the next turn; the address would otherwise hold the text for as long as the page lives.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
