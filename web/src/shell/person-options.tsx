// People to choose from in a form, as they are called.
import { usePeople } from './directory.ts'

export function PersonOptions({ except, prefix = '' }: { except?: string; prefix?: string }) {
  return [...usePeople()].flatMap(([name, known]) =>
    name === except
      ? []
      : [
          <option key={name} value={`${prefix}${name}`}>
            {known.title}
          </option>,
        ],
  )
}
