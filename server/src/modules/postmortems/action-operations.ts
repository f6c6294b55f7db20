// The operations on actions that later rooms perform: a ticket that was closed finishes its action by them.
import { changeAction, finishAction } from './postmortems.contract.ts'

export const actionOperations = { change: changeAction, finish: finishAction } as const
