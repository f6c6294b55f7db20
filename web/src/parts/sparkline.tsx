// A run of counts at a glance. The words beside it carry the meaning.
export function Sparkline({
  values,
  label,
  width = 96,
  height = 20,
}: {
  values: readonly (number | null)[]
  label: string
  width?: number
  height?: number
}) {
  const known = values.filter((value): value is number => value !== null)
  const top = Math.max(...known, 1e-9)
  const bottom = Math.min(...known, 0)
  const step = values.length > 1 ? width / (values.length - 1) : width
  const y = (value: number) => height - 1.5 - ((value - bottom) / (top - bottom || 1)) * (height - 3)
  let path = ''
  let open = false
  values.forEach((value, index) => {
    if (value === null) {
      open = false
      return
    }
    path += `${open ? 'L' : 'M'}${(index * step).toFixed(1)} ${y(value).toFixed(1)}`
    open = true
  })
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.25" />
    </svg>
  )
}
