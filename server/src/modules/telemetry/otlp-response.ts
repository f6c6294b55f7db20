// ExportMetricsServiceResponse: partial_success (1) with rejected_data_points (1) and error_message (2).
import type { Received } from './usecases/take-samples.ts'

export function exportResponse({ rejected, sentence }: Extract<Received, { state: 'kept' }>): Buffer {
  if (rejected === 0) return Buffer.alloc(0)
  return lengthDelimited(
    1,
    Buffer.concat([Buffer.from([8]), varint(rejected), lengthDelimited(2, Buffer.from(sentence))]),
  )
}

export function lengthDelimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2]), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}
