import type { TransformOperation } from './operation';
import type { Results } from './Results';
import type { RunItems } from './RunItems';

/** Works on every input item by itself, without a connection. */
export function transformItems(
	operation: TransformOperation,
	items: RunItems,
	results: Results,
): void {
	const hint = (message: string) => items.hint(message);
	for (let index = 0; index < items.count && !results.signal.aborted; index++) {
		try {
			results.succeed(index, operation.transform({ ...items.parametersOf(index), hint }));
		} catch (error) {
			results.fail(index, error);
		}
	}
}
