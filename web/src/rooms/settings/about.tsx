import { useQuery } from '@tanstack/react-query'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, platform } from '../../shell/api.ts'

const words: Readonly<Record<string, string>> = {
  version: 'Version',
  node: 'Node.js',
  timeZoneData: 'Time zone data',
  migrations: 'Migrations',
  rooms: 'Rooms',
}

export function About() {
  const version = useQuery({ queryKey: ['version'], queryFn: ({ signal }) => platform.version(signal) })
  const kinds = useQuery({ queryKey: ['resources', 'kinds'], queryFn: ({ signal }) => catalog.kinds(signal) })
  return (
    <>
      <Section title="This installation">
        <ProblemNote error={version.error} retry={() => void version.refetch()} />
        {version.isPending && <SkeletonRows rows={2} />}
        {version.data !== undefined && (
          <dl className="pairs">
            {Object.entries(version.data).map(([name, value]) => (
              <Pair key={name} title={words[name] ?? name} mono>
                {typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value)}
              </Pair>
            ))}
            <dt>API</dt>
            <dd>
              <a href="/api/v1/openapi.json">openapi.json</a>
            </dd>
          </dl>
        )}
      </Section>
      <Section title="Kinds that can be declared">
        <ProblemNote error={kinds.error} retry={() => void kinds.refetch()} />
        {kinds.isPending && <SkeletonRows rows={4} />}
        <ul className="rows">
          {kinds.data?.items.map((kind) => (
            <li key={`${kind.apiVersion} ${kind.kind}`}>
              <span className="grow">
                <strong>{kind.kind}</strong> <span className="soft mono">{kind.apiVersion}</span>
                <br />
                <span className="soft">{kind.summary}</span>
              </span>
              <span>{kind.count}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}
