import { JsonMarks } from '../../../s3/JsonMarks';

/** How many marks JSON has, given in pieces of so many bytes. */
function marksOf(json: string, size: number): number {
	const bytes = Buffer.from(json);
	for (let most = 0; ; most++) {
		const marks = new JsonMarks(most);
		let areWithin = true;
		for (let at = 0; at < bytes.length; at += size) {
			areWithin &&= marks.areWithin(bytes.subarray(at, at + size));
		}
		if (areWithin) return most;
	}
}

it.each([
	['', 0],
	['17', 0],
	['[]', 2],
	['{"a":[1,2],"b":{}}', 10],
	['"[]{},:"', 0],
	['["\\"[", "]"]', 3],
	['["\\\\", [], "\\\\\\"]"]', 6],
	['["\\"", [], 1]', 6],
	['["ü,ﬀ☃,😀"]', 2],
])('the marks of %s are counted outside of its texts, in pieces of any size', (json, count) => {
	for (const size of [1, 2, 3, 100]) expect(marksOf(json, size)).toBe(count);
});
