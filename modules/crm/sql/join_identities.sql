-- Gives contacts the handles that nobody in the tenant has yet; answers which.
-- $1 tenant, $2 new ids, $3 contacts, $4 channels, $5 handles (one entry per handle), $6 now
insert into identities (tenant_id, id, created_at, updated_at, contact_id, channel, handle, verified)
select $1, id, $6, $6, contact, channel, handle, false
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as given (id, contact, channel, handle)
on conflict do nothing
returning id
