// SPDX-License-Identifier: Apache-2.0
/// Our data types as the validator sees them, and the type that values of several types share.
package dev.varve.sql.plan.type;
