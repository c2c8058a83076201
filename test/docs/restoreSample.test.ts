/** docs/restore-and-wait.json is a workflow whose nodes, fields and connections exist. */
import { operations, type Sample } from './sample';
import { readDoc } from './page';

const sample = JSON.parse(readDoc('restore-and-wait.json')) as Sample;
const names = sample.nodes.map(({ name }) => name);

it('the sample of Restore connects nodes that it has', () => {
	const ends = Object.entries(sample.connections).flatMap(([from, { main }]) => [
		from,
		...main.flat().map(({ node }) => node),
	]);
	expect(ends.filter((name) => !names.includes(name))).toEqual([]);
});

it('the sample of Restore uses operations of the node, with fields that these have', () => {
	const ours = sample.nodes.filter(({ type }) => type.endsWith('.amazonS3'));
	expect(ours.map(({ parameters }) => parameters.operation)).toEqual(['restore', 'get']);
	for (const { parameters } of ours) {
		const fields = operations[parameters.operation as string] ?? [];
		const own = Object.keys(parameters).filter(
			(name) => !['authentication', 'resource', 'operation'].includes(name),
		);
		expect(own.filter((name) => !fields.includes(name))).toEqual([]);
	}
});
