/** Requests and answers, held against openapi.yaml. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.http;
