/* The operations that TensorFlow gets. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

/*
 * Registers them in the TensorFlow that this process has loaded, once. Null, or why that cannot be. `version` gets
 * TensorFlow's version, a text that lives as long as the process.
 */
const char* register_operations(const char** version);
#endif
