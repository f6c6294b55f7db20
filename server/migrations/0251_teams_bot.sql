-- Teams can hold a bot of the installation, like the other chats.
alter table channel_connections drop constraint channel_connections_kind_check;
alter table channel_connections add constraint channel_connections_kind_check
  check (kind in ('slack', 'telegram', 'mattermost', 'teams', 'twilio'));
