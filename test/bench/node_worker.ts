/** One backend in a Node process of its own, so that no other backend's memory or compiled code is around. */
import { measureAny } from './measure_any';
import { serve } from './serve';

serve(measureAny);
