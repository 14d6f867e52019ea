package pawl

import (
	"bytes"
	"encoding/json"
	"iter"
)

// encode gives a value's JSON text. A json.RawMessage is its own text, byte for byte.
func encode(value any) (string, error) {
	if text, isText := value.(json.RawMessage); isText && text != nil {
		return string(text), nil
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))), nil
}

// encodeOr is encode, with a text for the absent (nil) value.
func encodeOr(value any, absent string) (string, error) {
	if value == nil {
		return absent, nil
	}
	return encode(value)
}

// textOf makes the JSON text of a message a value; an absent (empty) one is nil.
func textOf(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// Inputs makes the inputs of a batch of a sequence of anything:
//
//	pawl.Inputs(slices.Values(orders))
func Inputs[Value any](values iter.Seq[Value]) iter.Seq[any] {
	return func(yield func(any) bool) {
		for value := range values {
			if !yield(value) {
				return
			}
		}
	}
}
