// A case at a vendor: whom to ask, how they are reached, and the number they gave it.
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ContactValue } from '../../parts/contact-value.tsx'
import { SelectField } from '../../parts/field.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { type IncidentItem, incidentRoom, type Related } from '../../shell/response-api.ts'

export interface CaseDraft {
  /** A service of the catalog; empty when somebody else is named. */
  readonly service: string
  readonly name: string
  readonly caseNumber: string
}
export const noCase: CaseDraft = { service: '', name: '', caseNumber: '' }
export const vendorOf = (draft: CaseDraft): string => (draft.service === '' ? draft.name.trim() : draft.service)

export function Contacts({ contacts }: { contacts: Related['vendors'][number]['contacts'] }) {
  return contacts.map(({ label, kind, value }) => (
    <span key={`${label} ${value}`} className="contact">
      {label} <ContactValue kind={kind} value={value} />
    </span>
  ))
}

export function CaseOf({ item }: { item: IncidentItem }) {
  if (item.vendorCase === null) return null
  const { vendor, caseNumber, contacts } = item.vendorCase
  return (
    <p className="soft contacts">
      <span>
        {vendor}, {caseNumber === null ? 'no case number yet' : `case ${caseNumber}`}
      </span>
      <Contacts contacts={contacts} />
    </p>
  )
}

export function CaseFields({
  incident,
  draft,
  onChange,
}: {
  incident: IncidentDetail
  draft: CaseDraft
  onChange: (draft: CaseDraft) => void
}) {
  const near = useQuery({
    queryKey: ['incidents', 'related', incident.id],
    queryFn: ({ signal }) => incidentRoom.related(incident.id, signal),
  }).data?.vendors
  const chosen = near?.find((each) => each.service === draft.service)
  return (
    <>
      {near !== undefined && near.length > 0 && (
        <SelectField
          title="Vendor"
          value={draft.service}
          onChange={(event) => onChange({ ...draft, service: event.currentTarget.value })}
        >
          <option value="">Somebody else</option>
          {near.map((each) => (
            <option key={each.service} value={each.service}>
              {each.displayName}
            </option>
          ))}
        </SelectField>
      )}
      {chosen !== undefined && (
        <p className="soft contacts">
          {chosen.contacts.length === 0 ? 'The catalog knows no contact.' : <Contacts contacts={chosen.contacts} />}
        </p>
      )}
      {draft.service === '' && (
        <TextInput
          label={near === undefined || near.length === 0 ? 'Vendor' : 'Who'}
          required
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
          maxLength={200}
        />
      )}
      <TextInput
        label="Case number, when there is one"
        value={draft.caseNumber}
        onChange={(event) => onChange({ ...draft, caseNumber: event.currentTarget.value })}
        maxLength={100}
      />
    </>
  )
}
