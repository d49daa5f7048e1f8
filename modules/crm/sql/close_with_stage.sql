-- The deals of a stage that became of another kind are closed or reopened with it: the date of closing
-- follows, and the timeline tells.
-- $1 tenant, $2 stage, $3 former kind, $4 new kind, $5 acting user, $6 subject, $7 now
with moved as (
    update deals
    set closed_at = case when $4 = 'open' then null else coalesce(closed_at, $7) end
    where tenant_id = $1 and stage_id = $2
    returning id, primary_contact_id, company_id
)
insert into activities (tenant_id, id, kind, subject, at, actor_id, deal_id, contact_id, company_id,
                        meta, updated_at, created_at)
select $1, gen_random_uuid(), 'status_changed', $6, $7, $5, id, primary_contact_id, company_id,
       json_build_object('field', 'status', 'from', $3::text, 'to', $4::text), $7, $7
from moved
