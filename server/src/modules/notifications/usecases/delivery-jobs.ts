// Which job carries which message: news never stands in the way of a page.
import type { Purpose } from '../deliveries.store.ts'
import { deliver, deliverNotice } from '../notifications.contract.ts'

export const jobOf = (purpose: Purpose) => (purpose === 'page' || purpose === 'bundle' ? deliver : deliverNotice)
