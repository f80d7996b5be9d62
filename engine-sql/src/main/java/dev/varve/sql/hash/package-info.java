// SPDX-License-Identifier: Apache-2.0
/// Hash tables that number the distinct keys they see: what GROUP BY, joins and DISTINCT stand on.
package dev.varve.sql.hash;
