package pawl

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"google.golang.org/protobuf/types/known/timestamppb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// logBytesMax is how much of a handler's log travels with its outcome.
const logBytesMax = 16 << 10

// logLines are what a handler logged.
type logLines struct {
	mu    sync.Mutex
	lines []*pawlv1.LogLine
	bytes int
}

func (l *logLines) take() []*pawlv1.LogLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines
}

// taskLog writes to the worker's log, with the task's names, and keeps what goes with the outcome.
type taskLog struct {
	task  *TaskContext
	lines *logLines
	next  slog.Handler
	// attrs are what With has added, as text.
	attrs string
	group string
}

// Enabled implements slog.Handler.
func (h *taskLog) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || h.next.Enabled(context.Background(), level)
}

// Handle implements slog.Handler.
func (h *taskLog) Handle(ctx context.Context, record slog.Record) error {
	if record.Level >= slog.LevelInfo {
		h.keep(record)
	}
	if !h.next.Enabled(ctx, record.Level) {
		return nil
	}
	record = record.Clone()
	record.AddAttrs(
		slog.String("execution", h.task.Execution),
		slog.String("state", h.task.StatePath),
		slog.Int("attempt", h.task.Attempt),
	)
	return h.next.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *taskLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	derived := *h
	for _, attr := range attrs {
		derived.attrs += " " + h.group + attr.String()
	}
	derived.next = h.next.WithAttrs(attrs)
	return &derived
}

// WithGroup implements slog.Handler.
func (h *taskLog) WithGroup(name string) slog.Handler {
	derived := *h
	derived.group += name + "."
	derived.next = h.next.WithGroup(name)
	return &derived
}

func (h *taskLog) keep(record slog.Record) {
	var text strings.Builder
	text.WriteString(record.Message + h.attrs)
	record.Attrs(func(attr slog.Attr) bool {
		text.WriteString(" " + h.group + attr.String())
		return true
	})
	h.lines.mu.Lock()
	defer h.lines.mu.Unlock()
	h.lines.bytes += text.Len()
	if h.lines.bytes > logBytesMax {
		return
	}
	h.lines.lines = append(h.lines.lines, &pawlv1.LogLine{
		Time:    timestamppb.New(record.Time),
		Level:   strings.ToLower(record.Level.String()),
		Message: text.String(),
	})
}
