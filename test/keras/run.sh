#!/bin/sh
# Compares Keras 3 with what tfjs computed, on each backend of Keras that Python can import; names those that it cannot.
#   PYTHON=venv/bin/python test/keras/run.sh [backend...]
# The models that Keras saved also go to tfjs and back, if `npm run build` has made the command.
# Packages: pip install keras numpy, and one or more of tensorflow-cpu, torch, jax.
cd "$(dirname "$0")" || exit 2
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; assert sys.version_info >= (3, 9)' 2>/dev/null; then
  echo "LEFT OUT: all of Keras: $python cannot be run (PYTHON names another)"
  exit 3
fi
status=3
for backend in ${*:-tensorflow torch jax}; do
  if KERAS_BACKEND=$backend "$python" -c "import numpy, $backend, keras" 2>/dev/null; then
    KERAS_BACKEND=$backend "$python" -W ignore check.py || exit 1
    KERAS_BACKEND=$backend "$python" -W ignore round_trip.py || exit 1
    status=0
  else
    echo "LEFT OUT: Keras on $backend: $python cannot import keras, numpy and $backend (pip install keras $backend)"
  fi
done
exit $status
