// Every suite that runs in a trusted workspace, in this order.

import './start.test.ts';
import './language.test.ts';
import './completion.test.ts';
import './preview.test.ts';
import './generate.test.ts';
import './server.test.ts';
