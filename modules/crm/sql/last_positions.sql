-- The greatest position in each of some stages, one look at the end of the index per stage.
-- $1 tenant, $2 stages
select stage, coalesce(ceil((select position from deals
                             where tenant_id = $1 and stage_id = stage and position is not null
                             order by position desc limit 1)), 0)::bigint
from unnest($2::uuid[]) as stage
