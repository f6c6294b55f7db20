// A case at a vendor: who is asked, by which contact, under which number.
import { type Static, Type } from 'typebox'
import { Name, Nullable, Text } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import type { IncidentData } from './incidents.contract.ts'

export const VendorContact = Type.Object({ label: Type.String(), kind: Type.String(), value: Type.String() })
export const VendorCase = Type.Object({
  vendor: Type.String({ description: 'A service of the catalog, or a name.' }),
  contacts: Type.Array(VendorContact, { description: 'As they stood in the catalog, or as they were given.' }),
  caseNumber: Nullable(Type.String()),
})
export const NewVendorCase = Type.Object({
  vendor: Text(200, 'A service of the catalog: its contacts are copied. Or any name.'),
  contact: Type.Optional(Text(300, 'Who is asked, where the catalog does not know.')),
  caseNumber: Type.Optional(Text(100)),
})
export const caseNumber = Nullable(Text(100, 'Of a vendor case: the number the vendor gave it.'))
/** Third parties that are hurt, or that what is hurt calls. */
export const Vendor = Type.Object({
  service: Name,
  displayName: Type.String(),
  contacts: Type.Array(VendorContact),
  distance: Type.Integer({ description: '0 is hurt itself.' }),
})
export type VendorReply = Static<typeof Vendor>

export type VendorData = IncidentData & {
  readonly itemId: string
  readonly text: string
  readonly vendor?: string
  readonly caseNumber?: string
}
export const vendorContacted = defineEvent<VendorData>({
  type: 'incident.vendor-contacted',
  summary: 'A vendor was asked for help',
})
export const vendorCaseMoved = defineEvent<VendorData & { readonly to: string }>({
  type: 'incident.vendor-case-moved',
  summary: 'A vendor answered, or its case is closed',
})
export const caseNumbered = defineEvent<VendorData>({
  type: 'incident.case-numbered',
  summary: 'The case at a vendor has a number',
})
