import { compareKeys } from '../../../../../../s3/list/keyOrder';
import {
	calendarOf,
	packDates,
	unpackDates,
} from '../../../../../../s3/list/parallel/keys/keyDates';
import { KINDS, keysOf, randomFrom } from '../../listedKeys';

/** A packed name with each character of a date as `<field value>`, fields counted from 0. */
const shown = (name: string): string =>
	packDates(name).replace(/[\uf000-\uf2ff]/g, (unit) => {
		const offset = unit.charCodeAt(0) - 0xf000;
		return `<${String(offset >> 7)} ${String(offset & 0x7f)}>`;
	});

it.each([
	['2024/01/31/23/a.gz', '2024/<0 1>/<1 31>/<2 23>/a.gz'],
	['logs/2024-01-31T23:59:58.123Z', 'logs/2024-<0 1>-<1 31>T<2 23>:<3 59>:<4 58>.123Z'],
	['2024-01-31-23-59-58-AB12', '2024-<0 1>-<1 31>-<2 23>-<3 59>-<4 58>-AB12'],
	['year=2024/month=01/day=31/hour=05', 'year=2024/month=<0 1>/day=<1 31>/hour=<2 5>'],
	['dump-20240131.sql', 'dump-2024<0 1><1 31>.sql'],
	['x_20240131T2359Z_y', 'x_2024<0 1><1 31>T<2 23><3 59>Z_y'],
	['20240131235958', '2024<0 1><1 31><2 23><3 59><4 58>'],
	['1999-12', '1999-<0 12>'],
	['2024-99-00', '2024-<0 99>-<1 0>'],
	['backup-2024-11-01-0026292', 'backup-2024-<0 11>-<1 1>-0026292'],
	['2024-01-31T23:59-04ab', '2024-<0 1>-<1 31>T<2 23>:<3 59>-04ab'],
	['2024/01/31T23:59/04.gz', '2024/<0 1>/<1 31>T<2 23>:<3 59>/04.gz'],
	['2024/01/31/04ab', '2024/<0 1>/<1 31>/04ab'],
	['2024-01/31', '2024-<0 1>/31'],
	['2024/01/02 and 2023/03/04', '2024/<0 1>/<1 2> and 2023/<0 3>/<1 4>'],
])('packDates packs the date in %s', (name, expected) => {
	expect(shown(name)).toBe(expected);
});

it.each([
	'2024',
	'2024/1/2',
	'2024/012',
	'3024/01/02',
	'12024/01/02',
	'2024ab01',
	'202401',
	'2024013',
	'202401312',
	'2024/folder/01',
	'2024/01ab',
	'2024/month-01',
	'',
])('packDates finds no date in “%s”', (name) => {
	expect(packDates(name)).toBe(name);
});

it.each(Object.keys(KINDS))(
	'packed names are in the same order and can be unpacked, for %s',
	(kind) => {
		const names = keysOf(kind, 1000, randomFrom(3));
		const read = names.map(packDates);
		expect(read.map(unpackDates)).toEqual(names);
		if (read.every((name, i) => name !== names[i])) {
			expect([...read].sort(compareKeys)).toEqual(read);
		}
	},
);

it('calendarOf gives the values that a calendar has, or all pairs of digits if one is not in it', () => {
	const fieldsOf = (...names: string[]) => {
		const read = names.map((name) => Array.from(packDates(name), (unit) => unit.charCodeAt(0)));
		const fields = read[0]?.map((_, i) => calendarOf(read.map((units) => units[i] ?? 0))?.length);
		return fields?.filter((length) => length !== undefined);
	};
	expect(fieldsOf('2024-02-03-04-05-06', '2024-12-31-23-59-59')).toEqual([12, 31, 24, 60, 60]);
	expect(fieldsOf('2024-02-03-04-05-06', '2024-13-32-24-60-60')).toEqual(Array(5).fill(100));
	expect(fieldsOf('2024-00-00', '2024-01-01')).toEqual([100, 100]);
	expect(calendarOf([0x61])).toBeUndefined();
	expect(calendarOf([])).toBeUndefined();
});
