/** `npm start`: everything that a person needs to try the package, in one command. */
import process from 'node:process';
import { run, setUp } from './setup.mjs';

setUp();
await run('gulp', ['build', '--silent']);
try {
	await run('tsx', ['test/servers/n8n/main.ts', ...process.argv.slice(2)]);
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
