// SPDX-License-Identifier: Apache-2.0
/// Conditions and NULL: `if`, `multiIf`, `coalesce`, `nullIf` and what else looks at NULL itself.
package dev.varve.sql.function.logic;
