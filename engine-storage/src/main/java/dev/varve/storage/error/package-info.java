// SPDX-License-Identifier: Apache-2.0
/// Errors that a user can act on: a stable code, an SQLState, and a message that names the place
/// and the way out.
package dev.varve.storage.error;
