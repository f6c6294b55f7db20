-- Chats that do not say who pinned, repeat nothing, and reach people in a channel of their own.

-- What a contact of this person is called there, when that is not their id: a channel with the bot.
alter table chat_people add column contact text;

-- Messages of a room that stand in the timeline: pinned again, or read again after an absence, they come once.
create table chat_kept (
  room_id  uuid not null references chat_rooms (id) on delete cascade,
  kind     text not null check (kind in ('said', 'pinned')),
  ref      text not null,
  primary key (room_id, kind, ref)
);
