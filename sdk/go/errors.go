package pawl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is a call that the server refused, or that did not reach it (codes.Unavailable, codes.DeadlineExceeded,
// codes.Canceled).
//
//	var refused *pawl.Error
//	if errors.As(err, &refused) && refused.Reason == "EXECUTION_ALREADY_EXISTS" { ... }
//
// errors.Is finds context.Canceled and context.DeadlineExceeded in it.
type Error struct {
	// Code is gRPC's.
	Code codes.Code
	// Message is for humans.
	Message string
	// Reason is machine-readable, for example INPUT_TOO_LARGE; empty when the server gave none.
	Reason string
	// Metadata belongs to Reason.
	Metadata map[string]string
	// FieldViolations say which fields of the request are wrong.
	FieldViolations []FieldViolation
	// RetryAfter is the server's advice when to try again, at least 1 ns; 0: it gave none.
	RetryAfter time.Duration

	cause error
}

// FieldViolation is one field of a request that was refused.
type FieldViolation struct {
	// Field is its path in the request, for example state_machine.definition.
	Field string
	// Description is for humans.
	Description string
	// Reason is machine-readable; empty when the server gave none.
	Reason string
}

// Error gives gRPC's name of the code and the message.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s", CodeName(e.Code), e.Message) }

// Unwrap gives the error that gRPC had.
func (e *Error) Unwrap() error { return e.cause }

// Is makes a call that its context ended equal to that context's error.
func (e *Error) Is(target error) bool {
	return target == context.Canceled && e.Code == codes.Canceled ||
		target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded
}

// GRPCStatus lets status.FromError find the code.
func (e *Error) GRPCStatus() *status.Status { return status.New(e.Code, e.Message) }

// CodeName is a code's name as the gRPC specification spells it: NOT_FOUND, CANCELLED.
func CodeName(code codes.Code) string {
	if int(code) < len(codeNames) {
		return codeNames[code]
	}
	return "UNKNOWN"
}

var codeNames = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
	"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

func refusal(code codes.Code, format string, values ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, values...)}
}

// errorOf makes an Error of what gRPC returned; nil of nil.
func errorOf(err error) *Error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	refused := status.Convert(err)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		refused = status.FromContextError(err)
	}
	made := &Error{Code: refused.Code(), Message: refused.Message(), cause: err}
	for _, detail := range refused.Details() {
		made.addDetail(detail)
	}
	return made
}

func (e *Error) addDetail(detail any) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		e.Reason, e.Metadata = detail.GetReason(), detail.GetMetadata()
	case *errdetails.RetryInfo:
		e.RetryAfter = max(1, detail.GetRetryDelay().AsDuration())
	case *errdetails.BadRequest:
		for _, violation := range detail.GetFieldViolations() {
			e.FieldViolations = append(e.FieldViolations, FieldViolation{
				Field:       violation.GetField(),
				Description: violation.GetDescription(),
				Reason:      violation.GetReason(),
			})
		}
	}
}
