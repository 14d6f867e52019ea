package pawl

import (
	"iter"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// Payloads says how much of the JSON documents a list or a watch brings.
type Payloads int

// The amounts.
const (
	// PayloadsDefault is PayloadsFull for events of ListExecutionEvents, else PayloadsNone.
	PayloadsDefault Payloads = iota
	// PayloadsNone brings none.
	PayloadsNone
	// PayloadsTruncated brings the first 4 KiB of each.
	PayloadsTruncated
	// PayloadsFull brings all.
	PayloadsFull
)

// ListOption bounds a list.
type ListOption interface{ applyList(*listOptions) }

// WithPageSize sets how many items one call asks for, 1 to 1,000; default 50.
func WithPageSize(items int) ListOption {
	return listOption(func(options *listOptions) { options.pageSize = items })
}

// WithLimit ends a list after so many items; default all.
func WithLimit(items int) ListOption {
	return listOption(func(options *listOptions) { options.limit = items })
}

// PayloadsOption is for a list or a watch.
type PayloadsOption interface {
	ListOption
	WatchOption
}

// WithPayloads sets how much of inputs and outputs comes with each item; default none.
func WithPayloads(payloads Payloads) PayloadsOption { return payloads }

func (p Payloads) applyList(options *listOptions)   { options.payloads = p }
func (p Payloads) applyWatch(options *watchOptions) { options.payloads = p }

func (p Payloads) view() pawlv1.PayloadView {
	switch p {
	case PayloadsTruncated:
		return pawlv1.PayloadView_PAYLOAD_VIEW_TRUNCATED
	case PayloadsFull:
		return pawlv1.PayloadView_PAYLOAD_VIEW_FULL
	default:
		return pawlv1.PayloadView_PAYLOAD_VIEW_NONE
	}
}

type listOptions struct {
	pageSize, limit int
	payloads        Payloads
	reverse         bool
	afterEventID    int64
	itemStatus      string
}

type listOption func(*listOptions)

func (o listOption) applyList(options *listOptions) { o(options) }

func listOptionsOf(options []ListOption) listOptions {
	chosen := listOptions{pageSize: 50, limit: -1}
	for _, option := range options {
		option.applyList(&chosen)
	}
	return chosen
}

// itemsOf gives all items, page after page; a page is fetched when the one before is used up.
func itemsOf[Message, Item any](
	options listOptions,
	itemOf func(Message) *Item,
	fetch func(page *pawlv1.PageRequest) ([]Message, *pawlv1.PageInfo, error),
) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		left := options.limit
		page := &pawlv1.PageRequest{}
		for left != 0 {
			page.PageSize = int32(options.pageSize)
			if left > 0 {
				page.PageSize = int32(min(options.pageSize, left))
			}
			messages, info, err := fetch(page)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, message := range messages {
				if left == 0 || !yield(itemOf(message), nil) {
					return
				}
				left--
			}
			if info.GetNextPageToken() == "" {
				return
			}
			page = &pawlv1.PageRequest{PageToken: info.GetNextPageToken()}
		}
	}
}
