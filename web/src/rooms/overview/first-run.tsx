// Nothing is declared yet: four steps, each a command that can be copied, each crossed off by facts.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Section } from '../../parts/page-head.tsx'
import { notifications } from '../../shell/api.ts'

const example = `apiVersion: mainstay.dev/v1
kind: Service
metadata:
  name: checkout
spec:
  tier: 1
  team: shop`

export function FirstRun() {
  const contacts = useQuery({ queryKey: ['contacts'], queryFn: ({ signal }) => notifications.contacts(signal) }).data
  const reachable = contacts?.items.some((each) => each.verified) === true
  return (
    <Section title="Start here">
      <ol className="first-run">
        <li>
          <h3>1. Be reachable{reachable ? ' – done' : ''}</h3>
          <p>
            Allow this browser or an e-mail address to page you, and send a test to yourself under{' '}
            <Link href="/oncall?view=paging">How I am paged</Link>.
          </p>
        </li>
        <li>
          <h3>2. Declare a service</h3>
          <p>
            Paste this under <Link href="/apply">Apply</Link>, or keep it in Git and apply it from CI. A Backstage
            catalog-info.yaml works as it is.
          </p>
          <CopyLine text={example} label="Copy the definition" />
        </li>
        <li>
          <h3>3. Say what reliable enough means</h3>
          <p>An OpenSLO file with a target and where the counts come from.</p>
          <CopyLine text="mainstay apply -f objectives/" />
        </li>
        <li>
          <h3>4. Point your alerts here</h3>
          <p>Alertmanager and PagerDuty senders need only the new address and a key.</p>
          <CopyLine text="mainstay key create alertmanager --scope alerts:write" />
        </li>
      </ol>
    </Section>
  )
}
