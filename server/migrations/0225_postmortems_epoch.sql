-- A shared document that has become too large is begun anew from its text: another document, in which nothing of the one
-- before can be joined. Editors that follow it see the other number and bring along what they have not sent.

alter table postmortem_documents add column epoch integer not null default 0;
