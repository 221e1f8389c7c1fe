//! What is followed, by the roles that a table is read with, and what is not.

mod called;
mod variables;

use crate::project::model::Setting;
use crate::rules::testing::fixture;

/// The roles of a table that requires `value`, below these declarations and with these files
/// besides; `?` where they are not known for certain.
#[track_caller]
fn roles(before: &str, value: &str, files: &str) -> String {
    let fixture = fixture(&format!(
        "//- quickback/features/claims.ts
import {{ feature, q }} from '@quickback/compiler';
{before}
export default feature('claims', {{ columns: {{ id: q.id() }}, realtime: {{ enabled: true, requiredRoles: {value} }} }});
{files}"
    ));
    let model = fixture
        .project
        .model(fixture.file("quickback/features/claims.ts"));
    let [table] = model.tables.as_slice() else {
        panic!("one table is defined");
    };
    let Some(block) = table.block() else {
        return "?".into();
    };
    match &block.required_roles {
        Setting::Known(list) if list.value.is_whole() => {
            let roles = list.value.items.iter();
            let roles: Option<Vec<&str>> = roles.map(|role| role.as_str()).collect();
            roles.map_or_else(|| "no strings".into(), |roles| roles.join(" "))
        }
        Setting::Known(_) | Setting::Unknown(_) => "?".into(),
        Setting::Absent => "absent".into(),
        Setting::Invalid(_) => "invalid".into(),
    }
}

#[track_caller]
fn check(before: &str, value: &str, expected: &str) {
    assert_eq!(roles(before, value, ""), expected, "{before}\n{value}");
}

#[test]
fn what_is_frozen_is_what_it_was() {
    for function in ["freeze", "seal", "preventExtensions"] {
        let frozen = format!("Object.{function}(['a', 'b'])");
        check("", &frozen, "a b");
        check(
            &format!("const ROLES = {frozen};"),
            "[...ROLES, 'c']",
            "a b c",
        );
        let boxed = format!("const ROLES = Object.{function}({{ staff: ['a'] }} as const);");
        check(&boxed, "ROLES.staff", "a");
    }
    check("", "Object.freeze(Object.freeze(['a']))", "a");
}

#[test]
fn what_is_changed_before_or_frozen_by_another_is_not_known() {
    check(
        "const ROLES = ['a']; ROLES.push('b');",
        "Object.freeze(ROLES)",
        "?",
    );
    // What is in it can still be changed.
    check(
        "const ROLES = Object.freeze({ staff: ['a'] }); ROLES.staff.push('b');",
        "ROLES.staff",
        "?",
    );
    check(
        "const LIST = ['a']; const ROLES = Object.seal(LIST); ROLES.push('b');",
        "LIST",
        "?",
    );
    check("const Object = make();", "Object.freeze(['a'])", "?");
    check("import Object from './o';", "Object.freeze(['a'])", "?");
    check("import { Object } from './o';", "Object.freeze(['a'])", "?");
    check("", "Object.freeze(...LISTS)", "?");
    check("", "Object.entries(['a'])", "?");
    check("", "Other.freeze(['a'])", "?");
}

#[test]
fn a_choice_is_what_its_deciding_value_says() {
    for (choice, expected) in [
        ("undefined ?? ['a']", "a"),
        ("null ?? ['a']", "a"),
        ("['a'] ?? ['b']", "a"),
        ("{}.a ?? ['a']", "a"),
        ("undefined || ['a']", "a"),
        ("null || ['a']", "a"),
        ("false || ['a']", "a"),
        ("'' || ['a']", "a"),
        ("['a'] || ['b']", "a"),
        ("true && ['a']", "a"),
        ("'x' && ['a']", "a"),
        ("({}) && ['a']", "a"),
        ("[] && ['a']", "a"),
        ("(() => 1) && ['a']", "a"),
        ("undefined && ['a']", "absent"),
        ("true ? ['a'] : ['b']", "a"),
        ("false ? ['a'] : ['b']", "b"),
        ("undefined ? ['a'] : ['b']", "b"),
        ("null ? ['a'] : ['b']", "b"),
        ("'' ? ['a'] : ['b']", "b"),
        ("[] ? ['a'] : ['b']", "a"),
        ("OFF ? ['a'] : ['b']", "b"),
        ("(ON && NONE) ?? ROLES", "a b"),
        ("OF.none ?? OF.roles", "a b"),
        ("OF.none || OF.roles", "a b"),
        ("OF.none ? ['a'] : OF.roles", "a b"),
        ("[...(ON ? ROLES : []), ...(OFF ? ROLES : ['c'])]", "a b c"),
        ("[LIST[0] ?? 'c', LIST[3] ?? 'd']", "a d"),
    ] {
        check(
            "const ON = true, OFF = false, NONE = null, ROLES = ['a', 'b'], OF = { roles: ROLES }, LIST = ['a'];",
            choice,
            expected,
        );
    }
}

#[test]
fn a_choice_by_what_is_not_known_is_not_known() {
    for choice in [
        "process.env.A ?? ['b']",
        "process.env.A || ['b']",
        "process.env.A && ['b']",
        "process.env.A ? ['a'] : ['a']",
        "make() ?? ['b']",
        "1 || ['b']",
        "0 && ['b']",
        "1 ? ['a'] : ['b']",
        "!true ? ['a'] : ['b']",
        "ROLES ?? ['b']",
        "ROLES.length ? ['a'] : ['b']",
        "OF.none ?? ['b']",
        "LIST[1] ?? ['b']",
        "Words.None ?? ['b']",
        "CHILD.none ?? ['b']",
        "({}).toString ?? ['b']",
        "OF.none",
        "true ?? ['b'] + 1",
        "ON + ['b']",
        "later ?? ['b']",
    ] {
        let found = roles(
            "const ROLES = ['a']; ROLES.push('c');
const OF = { ...more() }, LIST = ['a', ...more()], CHILD = { __proto__: OF };
enum Words { A = 'a' } enum Words { None = 'b' }
let later; later = ['a'];",
            choice,
            "",
        );
        assert!(found == "?" || found == "invalid", "{choice}: {found}");
    }
    // What is changed by another name that is a choice.
    check(
        "const A = ['a']; const B = A ?? ['b']; B.push('c');",
        "A",
        "?",
    );
    check(
        "const A = ['a']; const B = false ? ['b'] : A; B.push('c');",
        "A",
        "?",
    );
}

#[test]
fn what_an_object_inherits_is_not_known() {
    let objects = "const OF = { roles: ['a'] }, NAME = { ['__proto__']: OF }, __proto__ = OF;";
    for (value, expected) in [
        ("{ __proto__: OF }.roles", "?"),
        ("{ '__proto__': OF }.roles", "?"),
        ("{ roles: ['b'], __proto__: OF }.roles", "?"),
        ("{ __proto__: OF, roles: ['b'] }.roles", "b"),
        ("{ __proto__: null, roles: ['b'] }.roles", "b"),
        ("{ __proto__: null }.roles ?? ['c']", "c"),
    ] {
        check(objects, value, expected);
    }
}

#[test]
fn an_element_is_found_by_its_place() {
    let lists = "const LISTS = [['a'], ['b']] as const, NAMES = ['a', 'b', 'c'];";
    for (value, expected) in [
        ("LISTS[0]", "a"),
        ("LISTS[1]", "b"),
        ("[NAMES[2], NAMES[0]]", "c a"),
        ("[['a'], ['b']][1]", "b"),
        ("[...LISTS, ['c']][2]", "c"),
        ("LISTS[2]", "?"),
        ("LISTS[-1]", "?"),
        ("LISTS[0x0]", "?"),
        ("LISTS[0.0]", "?"),
        ("LISTS[I]", "?"),
        ("[, ['b']][1]", "?"),
        ("[, ['b']][0]", "?"),
        ("[...[, ['a']], ['b']][1]", "?"),
        ("[...more(), ['b']][1]", "?"),
        ("{ 0: ['a'] }[0]", "?"),
    ] {
        check(lists, value, expected);
    }
    check(
        "const [A, B] = ['a', 'b']; const LIST = [A, B];",
        "LIST",
        "a b",
    );
    let apart = |pattern: &str, value: &str, expected: &str| {
        check(
            &format!("{lists}\nconst {pattern} = LISTS;"),
            value,
            expected,
        );
    };
    apart("[A, B]", "[...B, ...A]", "b a");
    apart("[, B]", "B", "b");
    apart("[[A], [B]]", "[A, B]", "a b");
    apart("[A = ['c'], , C = ['c']]", "[...A, ...C]", "a c");
    apart("[A, /* , */ B]", "A", "a");
    apart("[A, /* , */ B]", "B", "?");
    apart("[A, ...B]", "B", "?");
    check("const [A] = new Set([['a']]);", "A", "?");
}

#[test]
fn an_element_of_what_is_changed_is_not_known() {
    for change in [
        "LISTS.reverse();",
        "LISTS[0] = ['c'];",
        "LISTS[0].push('c');",
        "LISTS[I].push('c');",
        "const [A] = LISTS; A.push('c');",
        "for (const list of LISTS) list.push('c');",
        "LISTS.length = 0;",
    ] {
        let before = format!("const LISTS: any = [['a'], ['b']]; {change}");
        check(&before, "LISTS[0]", "?");
        check(&format!("{before} const [FIRST] = LISTS;"), "FIRST", "?");
    }
}

#[test]
fn keys_are_computed_from_constants() {
    let keys = "const KEY = 'staff'; enum Key { Staff = 'staff' } const LIST = ['staff'];";
    for (value, expected) in [
        ("({ [KEY]: ['a'] }).staff", "a"),
        ("({ [Key.Staff]: ['a'] }).staff", "a"),
        ("({ [`staff`]: ['a'] }).staff", "a"),
        ("({ [LIST[0]]: ['a'] }).staff", "a"),
        ("({ staff: ['b'], [KEY]: ['a'] }).staff", "a"),
        ("({ [KEY]: ['b'], staff: ['a'] }).staff", "a"),
        ("({ staff: ['a'] })[KEY]", "a"),
        ("({ desk: ['b'], staff: ['a'] })[Key.Staff]", "a"),
        ("({ staff: ['a'], [key()]: ['b'] }).staff", "?"),
        ("({ staff: ['a'], [KEY + 's']: ['b'] }).staff", "?"),
        ("({ staff: ['a'] })[key()]", "?"),
        ("({ staff: ['a'] })[other]", "?"),
        ("['a'][KEY]", "?"),
    ] {
        check(keys, value, expected);
    }
    check(
        "const KEY = 'staff'; const OF: any = { staff: ['a'] }; OF[KEY].push('b');",
        "OF.staff",
        "?",
    );
    check(
        "let KEY = 'staff'; KEY = 'desk';",
        "({ staff: ['a'], [KEY]: ['b'] }).staff",
        "?",
    );
    let members = roles(
        "import * as all from '../roles'; const KEY = 'STAFF';",
        "all[KEY]",
        "//- quickback/roles.ts\nexport const STAFF = ['a'];\n",
    );
    assert_eq!(members, "a");
}

#[test]
fn a_default_is_taken_for_what_is_not_there() {
    for (pattern, of, expected) in [
        ("{ R = ['b'] }", "{ R: ['a'] }", "a"),
        ("{ R = ['b'] }", "{}", "b"),
        ("{ R = ['b'] }", "{ R: undefined }", "b"),
        ("{ R = ['b'] }", "{ R: null }", "invalid"),
        ("{ a: R = ['b'] }", "{ a: ['a'], R: ['c'] }", "a"),
        ("{ a: R = ['b'] }", "{ R: ['c'] }", "b"),
        ("{ a: { R } = { R: ['b'] } }", "{}", "b"),
        ("{ a: { R } }", "{ a: { R: ['a'] } }", "a"),
        ("{ a: [R = ['b']] }", "{ a: [['a']] }", "a"),
        ("[R = ['b']]", "OF", "a"),
        ("[, R = ['b']]", "OF", "b"),
        ("{ R = ['b'] }", "make()", "?"),
        ("{ R = ['b'] }", "{ ...make() }", "?"),
        ("{ R = ['b'] }", "{ R: make() }", "?"),
        ("{ R = ['b'] }", "CHANGED", "?"),
        ("{ R = make() }", "{}", "?"),
        ("{ toString: R = ['b'] }", "{}", "?"),
        ("{ a = ['b'], ...R }", "{}", "?"),
    ] {
        let before = "const OF = [['a']], CHANGED: any = {}; CHANGED.R = ['a'];";
        check(&format!("{before} const {pattern} = {of};"), "R", expected);
        check(&format!("{before} let {pattern} = {of};"), "R", expected);
    }
    check(
        "const OTHER = ['b']; const { R = OTHER } = {} as any; R.push('c');",
        "OTHER",
        "?",
    );
}
