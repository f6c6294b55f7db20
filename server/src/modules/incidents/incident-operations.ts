// The operations of this room that other rooms perform for somebody: chat obeys commands with them.
import {
  addNote,
  assignRole,
  declareIncident,
  listIncidents,
  readIncident,
  transitionIncident,
  updateIncident,
} from './incidents.contract.ts'
import { draftUpdate, postUpdate } from './updates.contract.ts'
import { addItem } from './work.contract.ts'

export const incidentOperations = {
  list: listIncidents,
  read: readIncident,
  declare: declareIncident,
  update: updateIncident,
  transition: transitionIncident,
  assignRole,
  note: addNote,
  addItem,
  draftUpdate,
  postUpdate,
} as const
