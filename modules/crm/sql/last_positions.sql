-- The greatest position in each of some stages, one look at the end of the index per stage. (The
-- comparison, true of every number, makes that index the cheapest even before it has statistics.)
-- $1 tenant, $2 stages
select stage, coalesce(ceil((select position from deals
                             where tenant_id = $1 and stage_id = stage and position > '-infinity'
                             order by position desc limit 1)), 0)::bigint
from unnest($2::uuid[]) as stage
