/** One backend in a Node process of its own, so that no other backend's memory or compiled code is around. */
import { measureCase } from './measure';
import { serve } from './serve';

serve(measureCase);
