//! Groups of one collection's rows, counted and added up.
//!
//! One statement reads the rows once: GROUPING SETS give the groups, the whole, and both again by
//! currency for money, which is never added up over currencies. Only when a key is a list, whose
//! elements multiply the rows, the whole is a statement of its own.

use std::fmt::Write as _;

use define::{Aggregate, Bucket, By, FieldKind, Function, GroupKey, GroupOrder, Measure};
use kernel::{Error, Result, Scope};

use super::filter::{End, Frame};
use super::{Params, Reader, finish_where, scope_predicate};
use crate::layout::{Column, ColumnType, Layout};
use crate::{Param, Statement};

/// A statement of groups and how to read its rows: whether the row is the whole, the keys, the
/// count, then the measures.
pub(crate) struct Groups {
    pub(crate) statement: Statement,
    pub(crate) keys: Vec<(String, ColumnType)>,
    pub(crate) measures: Vec<(Measure, Shown)>,
    /// Whether a list is a key, so that a row counts once for each of its elements.
    multiplied: bool,
}

/// How a measure stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Value(ColumnType),
    /// A number of any size, as text.
    Exact,
    /// Two lists side by side: currencies, and amounts as text.
    Money,
}

pub(crate) struct Wanted<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) scope: &'a Scope,
    pub(crate) asked: &'a Aggregate,
}

impl Wanted<'_> {
    /// One statement of groups and whole; or, when the groups multiply rows, the groups and then the
    /// whole.
    pub(crate) fn statements(&self, reader: Reader<'_>) -> Result<Vec<Groups>> {
        check(self.asked)?;
        let groups = Groups::of(self, reader, &self.asked.group, true)?;
        if !groups.multiplied {
            return Ok(vec![groups]);
        }
        let groups = Groups::of(self, reader, &self.asked.group, false)?;
        Ok(vec![groups, Groups::of(self, reader, &[], true)?])
    }
}

fn check(asked: &Aggregate) -> Result<()> {
    if !(1..=Aggregate::MAX_LIMIT).contains(&asked.limit) {
        let most = Aggregate::MAX_LIMIT;
        return Err(Error::bad_request(format!("'limit' must be between 1 and {most}.")));
    }
    // PostgreSQL would also take abbreviations and made-up offsets.
    if kernel::time_zone(&asked.zone).is_none() {
        return Err(Error::bad_request(
            "'zone' is no time zone. Use an IANA name such as Europe/Madrid.",
        ));
    }
    for order in &asked.sort {
        if let By::Measure(measure) = &order.by
            && !asked.measures.contains(measure)
        {
            return Err(Error::bad_request(format!(
                "Groups can be sorted by {}:{} only when it is one of 'values'.",
                measure.function.as_str(),
                measure.path
            )));
        }
    }
    Ok(())
}

/// The columns of the rows to be grouped: keys `k0…`, currencies `c0…`, values `v0…`.
#[derive(Default)]
struct Rows {
    keys: Vec<(String, ColumnType)>,
    currencies: Vec<String>,
    values: Vec<String>,
    measures: Vec<Computed>,
    multiplied: bool,
}

struct Computed {
    function: Function,
    value: usize,
    ty: ColumnType,
    /// Of money: which of the currencies.
    currency: Option<usize>,
}

impl Groups {
    fn of(
        wanted: &Wanted<'_>,
        reader: Reader<'_>,
        keys: &[GroupKey],
        with_whole: bool,
    ) -> Result<Groups> {
        let Wanted { layout, scope, asked } = *wanted;
        let mut params = Params::default();
        let scope = scope_predicate(layout.tenancy(), scope, &mut params);
        let mut frame = Frame::new(reader, layout, &mut params);
        let condition = frame.condition(&asked.filter)?;
        let mut rows = Rows::default();
        for key in keys {
            rows.key(&mut frame, key, &asked.zone)?;
        }
        for measure in &asked.measures {
            rows.measure(&mut frame, measure)?;
        }
        let mut from = format!("FROM {} t{} WHERE {scope}", layout.table, frame.joins());
        finish_where(&mut from, layout, asked.trash, &condition);
        let limit = asked.limit + 1 + i64::from(with_whole);
        let limit = params.add(Param::Int(limit));
        let sql = rows.sql(&from, &asked.sort, &asked.measures, with_whole, &limit);
        let shown: Vec<Shown> = rows.measures.iter().map(Computed::shown).collect();
        let names = keys.iter().map(GroupKey::to_string);
        Ok(Groups {
            statement: Statement::new(sql, params.0),
            keys: names.zip(rows.keys.iter().map(|(_, ty)| *ty)).collect(),
            measures: asked.measures.iter().cloned().zip(shown).collect(),
            multiplied: rows.multiplied,
        })
    }
}

impl Rows {
    fn key(&mut self, frame: &mut Frame<'_, '_>, key: &GroupKey, zone: &str) -> Result<()> {
        let refused = || Error::query(vec![key.to_string()]);
        let (expression, column) = match frame.end(&key.path)? {
            End::Column { expression, column, currency: None } => (expression, column),
            End::List { parent, table, element, rest } if is_itself(element, &rest) => {
                self.multiplied = true;
                (frame.unfold(&parent, table), element)
            }
            // Amounts of different currencies are not one key.
            _ => return Err(refused()),
        };
        let Some(bucket) = key.bucket else {
            if column.ty == ColumnType::Json {
                return Err(refused());
            }
            self.keys.push((expression, column.ty));
            return Ok(());
        };
        let local = match column.ty {
            ColumnType::Date => format!("{expression}::timestamp"),
            ColumnType::Time => {
                let zone = frame.param(Param::text(zone));
                format!("({expression} AT TIME ZONE {zone}::text)")
            }
            _ => return Err(refused()),
        };
        let bucket = bucket_sql(bucket);
        self.keys.push((format!("date_trunc({bucket}, {local})::date"), ColumnType::Date));
        Ok(())
    }

    fn measure(&mut self, frame: &mut Frame<'_, '_>, measure: &Measure) -> Result<()> {
        let refused =
            || Error::query(vec![format!("{}:{}", measure.function.as_str(), measure.path)]);
        let End::Column { expression, column, currency } = frame.end(&measure.path)? else {
            return Err(refused());
        };
        let is_ordered = matches!(measure.function, Function::Min | Function::Max);
        let is_time = matches!(column.ty, ColumnType::Date | ColumnType::Time);
        if !(column.kind == FieldKind::Number || is_ordered && is_time) {
            return Err(refused());
        }
        let computed = Computed {
            function: measure.function,
            value: place(&mut self.values, expression),
            ty: column.ty,
            currency: currency.map(|expression| place(&mut self.currencies, expression)),
        };
        self.measures.push(computed);
        Ok(())
    }

    fn sql(
        &self,
        from: &str,
        sort: &[GroupOrder],
        measures: &[Measure],
        with_whole: bool,
        limit: &str,
    ) -> String {
        let mut sql = "SELECT a.whole".to_owned();
        for n in 0..self.keys.len() {
            let _ = write!(sql, ",a.k{n}");
        }
        let _ = write!(sql, ",{}", self.plain("a.n"));
        for (n, computed) in self.measures.iter().enumerate() {
            let _ = write!(sql, ",{}", self.shown(n, computed));
        }
        let _ = write!(sql, " FROM ({}) a", self.grouped(from, with_whole));
        if !self.currencies.is_empty() {
            let keys: String = (0..self.keys.len()).map(|n| format!(",a.k{n}")).collect();
            let _ = write!(sql, " GROUP BY a.whole{keys}");
        }
        let order = self.order(sort, measures);
        let _ = write!(sql, " ORDER BY {order} LIMIT {limit}");
        sql
    }

    /// The grouping itself; one pass over the rows. `OFFSET 0` keeps a key and a currency apart that
    /// are the same column: grouping sets would take them for one.
    fn grouped(&self, from: &str, with_whole: bool) -> String {
        let named = |letter: char, list: &[&str]| -> Vec<String> {
            list.iter().enumerate().map(|(n, e)| format!("{e} AS {letter}{n}")).collect()
        };
        let keys: Vec<&str> = self.keys.iter().map(|(e, _)| e.as_str()).collect();
        let mut columns = named('k', &keys);
        columns.extend(named('c', &texts(&self.currencies)));
        columns.extend(named('v', &texts(&self.values)));
        if columns.is_empty() {
            columns.push("1".to_owned());
        }
        let key_names: Vec<String> = (0..keys.len()).map(|n| format!("x.k{n}")).collect();
        let whole = if keys.is_empty() {
            "true".to_owned()
        } else {
            format!("grouping({}) > 0", key_names[0])
        };
        let mut shown = vec![format!("{whole} AS whole"), "count(*) AS n".to_owned()];
        shown.extend(key_names.iter().cloned());
        for n in 0..self.currencies.len() {
            shown.push(format!("x.c{n}"));
            shown.push(format!("grouping(x.c{n}) AS g{n}"));
        }
        shown.extend(self.measures.iter().enumerate().map(|(n, m)| format!("{} AS m{n}", m.sql())));
        format!(
            "SELECT {} FROM (SELECT {} {from} OFFSET 0) x GROUP BY GROUPING SETS ({})",
            shown.join(","),
            columns.join(","),
            self.sets(&key_names, with_whole).join(",")
        )
    }

    fn sets(&self, keys: &[String], with_whole: bool) -> Vec<String> {
        let mut bases: Vec<&[String]> = vec![keys];
        if with_whole && !keys.is_empty() {
            bases.push(&[]);
        }
        let mut sets = Vec::new();
        for base in bases {
            sets.push(format!("({})", base.join(",")));
            for n in 0..self.currencies.len() {
                let with_currency = [base, &[format!("x.c{n}")]].concat();
                sets.push(format!("({})", with_currency.join(",")));
            }
        }
        sets
    }

    /// A column of the rows that are no currency's.
    fn plain(&self, column: &str) -> String {
        if self.currencies.is_empty() {
            return column.to_owned();
        }
        let levels: Vec<String> =
            (0..self.currencies.len()).map(|n| format!("a.g{n} = 1")).collect();
        format!("max({column}) FILTER (WHERE {})", levels.join(" AND "))
    }

    fn shown(&self, n: usize, computed: &Computed) -> String {
        let column = format!("a.m{n}");
        match (computed.shown(), computed.currency) {
            (Shown::Money, Some(c)) => {
                let list = |what: &str| {
                    format!(
                        "array_agg({what} ORDER BY {column} DESC, a.c{c}) FILTER (WHERE {})",
                        in_currency(c)
                    )
                };
                format!("{},{}", list(&format!("a.c{c}")), list(&format!("{column}::text")))
            }
            (Shown::Exact, _) => format!("{}::text", self.plain(&column)),
            _ => self.plain(&column),
        }
    }

    fn order(&self, sort: &[GroupOrder], measures: &[Measure]) -> String {
        let by_count = [GroupOrder { by: By::Count, descending: true }];
        let by_key = GroupOrder { by: By::Key, descending: false };
        let sort = if sort.is_empty() { &by_count } else { sort };
        let mut order = "a.whole DESC".to_owned();
        for GroupOrder { by, descending } in sort.iter().chain([&by_key]) {
            let expressions = match by {
                By::Key => (0..self.keys.len()).map(|n| format!("a.k{n}")).collect(),
                By::Count => vec![self.plain("a.n")],
                By::Measure(wanted) => {
                    let at = measures.iter().position(|m| m == wanted);
                    at.map(|n| self.rank(n)).into_iter().collect()
                }
            };
            let direction = if *descending { " DESC" } else { "" };
            for expression in expressions {
                let _ = write!(order, ",{expression}{direction} NULLS LAST");
            }
        }
        order
    }

    /// What groups are compared by: of money, the largest of its amounts.
    fn rank(&self, n: usize) -> String {
        match self.measures.get(n).and_then(|m| m.currency) {
            Some(c) => format!("max(a.m{n}) FILTER (WHERE {})", in_currency(c)),
            None => self.plain(&format!("a.m{n}")),
        }
    }
}

fn in_currency(c: usize) -> String {
    format!("a.g{c} = 0 AND a.c{c} IS NOT NULL")
}

fn is_itself(element: &Column, rest: &[String]) -> bool {
    rest.is_empty() || rest == ["id"] && element.relation.is_some()
}

fn bucket_sql(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Day => "'day'",
        Bucket::Week => "'week'",
        Bucket::Month => "'month'",
        Bucket::Quarter => "'quarter'",
        Bucket::Year => "'year'",
    }
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// Where an expression stands in the list, added to it if it is new.
fn place(list: &mut Vec<String>, expression: String) -> usize {
    list.iter().position(|known| *known == expression).unwrap_or_else(|| {
        list.push(expression);
        list.len() - 1
    })
}

impl Computed {
    fn sql(&self) -> String {
        let value = format!("x.v{}", self.value);
        match (self.function, self.currency) {
            (Function::Sum, _) => format!("sum({value})"),
            // Minor units are whole.
            (Function::Avg, Some(_)) => format!("round(avg({value}))"),
            (Function::Avg, None) => format!("avg({value})::double precision"),
            (Function::Min, _) => format!("min({value})"),
            (Function::Max, _) => format!("max({value})"),
        }
    }

    fn shown(&self) -> Shown {
        match (self.function, self.ty) {
            _ if self.currency.is_some() => Shown::Money,
            (Function::Sum, ColumnType::Int) => Shown::Exact,
            (Function::Avg, _) => Shown::Value(ColumnType::Float),
            (_, ty) => Shown::Value(ty),
        }
    }
}
