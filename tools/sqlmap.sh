#!/bin/bash
# sqlmap, level 3, on 20 parameters of a running product: none may be injectable.
# Usage: tools/sqlmap.sh path/to/mainstay   (takes half an hour or so; starts an instance of its own)
set -euo pipefail

mainstay=$(realpath "${1:-target/release/mainstay}")
level=${SQLMAP_LEVEL:-3}
folder=$(mktemp -d)
port=${SQLMAP_PORT:-4790}
base=http://127.0.0.1:$port
command -v sqlmap >/dev/null || { echo "sqlmap is missing: apt-get install sqlmap" >&2; exit 2; }

MAINSTAY_DATA=$folder/data MAINSTAY_LISTEN=127.0.0.1:$port MAINSTAY_DEMO=1 MAINSTAY_LOG=error \
	MAINSTAY_ADMIN_PASSWORD='correct horse battery' "$mainstay" serve >"$folder/log" 2>&1 &
server=$!
trap 'kill $server; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 120); do curl -sf "$base/health" >/dev/null && break; sleep 0.5; done

json='Content-Type: application/json'
token=$(curl -sf -H "$json" -d '{"email":"owner@mainstay.local","password":"correct horse battery"}' \
	"$base/api/users/login" | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])')

# A star marks where the payload goes.
targets=(
	"companies?where[name][equals]=a*"
	"companies?where[name][like]=a*"
	"companies?where[name][contains]=a*"
	"companies?where[name][in]=a*"
	"companies?where[employees][greater_than]=1*"
	"companies?where[createdAt][less_than]=2026-01-01*"
	"companies?where[tags.name][equals]=a*"
	"contacts?where[company.name][not_equals]=a*"
	"contacts?where[id][equals]=a*"
	"activities?where[meta.a*][equals]=1"
	"companies?where[name*][equals]=a"
	"companies?sort=name*"
	"companies?select[name*]=true"
	"companies?limit=1*"
	"companies?page=1*"
	"companies?q=a*"
	"search?q=a*"
	"companies/aggregate?group=name*"
	"companies/aggregate?group=createdAt:month&zone=UTC*"
	"companies/a*"
)

injectable=0
for target in "${targets[@]}"; do
	out=$(sqlmap -u "$base/api/$target" --headers="Authorization: JWT $token" --batch --level="$level" --risk=2 \
		--dbms=PostgreSQL --threads=4 --flush-session --output-dir="$folder/sqlmap" --disable-coloring \
		--ignore-code=404 --skip-static 2>&1 || true)
	if grep -qE "is vulnerable|following injection point|appears to be .* injectable" <<<"$out" \
		&& ! grep -q "false positive or unexploitable" <<<"$out"; then
		injectable=$((injectable + 1))
		echo "INJECTABLE $target"
		grep -E "Type:|Title:|Payload:|injectable" <<<"$out" || true
	elif grep -qE "do not appear to be injectable|does not seem to be injectable|is not injectable" <<<"$out"; then
		echo "sound      $target"
	else
		injectable=$((injectable + 1))
		echo "NOT TESTED $target"
		tail -5 <<<"$out"
	fi
done
echo "$injectable of ${#targets[@]} parameters injectable or not tested (sqlmap level $level)"
exit $((injectable > 0))
