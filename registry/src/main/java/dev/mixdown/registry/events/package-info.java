/** What other tools are told of runs: OpenLineage events, kept in files and sent from an outbox. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.events;
