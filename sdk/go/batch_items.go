package pawl

import (
	"iter"

	"google.golang.org/grpc/codes"
)

const (
	// Items and bytes of them that one call takes; a message may have 4 MiB.
	chunkItemsMax = 1_000
	chunkBytesMax = 1 << 20
)

// isStart is true of a batch that starts its own inputs.
func (b *CreateBatch) isStart() bool {
	return b.Chain == nil && b.Stop == nil && b.Redrive == nil && !b.Delete
}

// isOfFilter is true of a batch whose items the server finds.
func (b *CreateBatch) isOfFilter() bool { return !b.isStart() && b.Executions == nil }

// texts are a batch's items as they are sent; nil: none are known yet.
func (b *CreateBatch) texts() iter.Seq2[string, error] {
	switch {
	case b.isStart() && b.Inputs != nil:
		return inputTexts(b.Inputs)
	case !b.isStart() && b.Executions != nil:
		return func(yield func(string, error) bool) {
			for _, execution := range b.Executions {
				if !yield(execution, nil) {
					return
				}
			}
		}
	}
	return nil
}

func inputTexts(inputs iter.Seq[any]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for input := range inputs {
			text, err := encode(input)
			if err != nil {
				yield("", refusal(codes.InvalidArgument, "an input is not JSON: %v", err))
				return
			}
			if !yield(text, nil) {
				return
			}
		}
	}
}

// chunksOf gives items in chunks that one call takes.
func chunksOf(texts iter.Seq2[string, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var chunk []string
		bytes := 0
		for text, err := range texts {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(chunk) == chunkItemsMax || len(chunk) > 0 && bytes+len(text) > chunkBytesMax {
				if !yield(chunk, nil) {
					return
				}
				chunk, bytes = nil, 0
			}
			chunk = append(chunk, text)
			bytes += len(text)
		}
		if len(chunk) > 0 {
			yield(chunk, nil)
		}
	}
}
