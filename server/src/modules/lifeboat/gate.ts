// What streams in waits for a moment, so that a landing has an end.

export function closeGate(): { readonly opens: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opens = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opens, open }
}
