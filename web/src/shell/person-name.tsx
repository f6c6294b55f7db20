// How somebody is called wherever one is shown: the declared display name; the short name that commands take is one hover away.
import { usePeople } from './directory.ts'

export function PersonName({ name }: { name: string }) {
  const title = usePeople().get(name)?.title ?? name
  return title === name ? name : <span title={name}>{title}</span>
}
