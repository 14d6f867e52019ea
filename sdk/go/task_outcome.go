package pawl

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unicode/utf16"

	"google.golang.org/protobuf/types/known/durationpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	// AWS's limits of an error's name and cause, in characters.
	errorCharsMax = 256
	causeCharsMax = 32_768
	// A gRPC message may have 4 MiB; this leaves room for the rest of it.
	outputBytesMax = 4<<20 - 64<<10

	errorDataLimitExceeded = "States.DataLimitExceeded"
	errorInvalidInput      = "Worker.InvalidInput"
	errorInvalidOutput     = "Worker.InvalidOutput"
)

// handlerPanic is what a handler panicked with, and where.
type handlerPanic struct {
	value any
	stack []string
}

func (p *handlerPanic) Error() string { return fmt.Sprint(p.value) }

// recovered makes an error of a panic. Call it deferred, with the value of recover.
func recovered(value any) error {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	failure := &handlerPanic{value: value}
	for {
		frame, isMore := frames.Next()
		failure.stack = append(failure.stack, fmt.Sprintf("%s (%s:%d)", frame.Function, frame.File, frame.Line))
		if !isMore {
			return failure
		}
	}
}

// failureOf is what Retry and Catch see of an error: a TaskError by its name, any other by the name of its type, with
// message, type and stack as JSON in the cause, as AWS Lambda has it.
func failureOf(err error) *pawlv1.TaskFailure {
	var named *TaskError
	if errors.As(err, &named) {
		failure := &pawlv1.TaskFailure{
			Error: &pawlv1.ErrorValue{
				Error: cut(named.Name, errorCharsMax),
				Cause: cut(named.causeText(), causeCharsMax),
			},
			NonRetryable: named.NonRetryable,
		}
		if named.RetryAfter > 0 {
			failure.RetryAfter = durationpb.New(named.RetryAfter)
		}
		return failure
	}
	name := errorType(err)
	stack := []string{}
	var panicked *handlerPanic
	if errors.As(err, &panicked) {
		stack = panicked.stack
	}
	return &pawlv1.TaskFailure{
		Error:      &pawlv1.ErrorValue{Error: cut(name, errorCharsMax), Cause: lambdaCause(err, name, stack)},
		StackTrace: cut(strings.Join(stack, "\n"), causeCharsMax),
	}
}

// errorType names the first error in the chain that is more than text around another one.
func errorType(err error) string {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if _, isCall := inner.(*Error); isCall {
			return "PawlError"
		}
		var value any = inner
		if panicked, isPanic := inner.(*handlerPanic); isPanic {
			value = panicked.value
		}
		kind := reflect.TypeOf(value)
		if kind != nil && kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if kind != nil && kind.Name() != "" && kind.PkgPath() != "fmt" && kind.PkgPath() != "errors" {
			return kind.Name()
		}
	}
	return "errorString"
}

func lambdaCause(err error, name string, stack []string) string {
	message := cut(err.Error(), causeCharsMax/2)
	for {
		cause, _ := encode(struct { // strings can always be encoded
			ErrorMessage string   `json:"errorMessage"`
			ErrorType    string   `json:"errorType"`
			StackTrace   []string `json:"stackTrace"`
		}{message, name, stack})
		if len(cause) <= causeCharsMax || len(stack) == 0 {
			return cut(cause, causeCharsMax)
		}
		stack = stack[:len(stack)/2]
	}
}

// cut shortens a text to so many UTF-16 code units, which is how the server counts.
func cut(text string, unitsMax int) string {
	if len(text) <= unitsMax {
		return text
	}
	units, kept := 0, 0
	for index, char := range text {
		if units < unitsMax {
			kept = index
		}
		units += utf16.RuneLen(char)
	}
	if units <= unitsMax {
		return text
	}
	return text[:kept] + "…"
}
