-- What comes as OTLP is kept first, too: bytes or JSON, as it was sent or packed by gzip.
alter table sample_inbox drop constraint sample_inbox_version_check;
alter table sample_inbox add constraint sample_inbox_version_check
  check (version in ('1.0', '2.0', 'otlp', 'otlp+gzip', 'otlp-json', 'otlp-json+gzip'));
