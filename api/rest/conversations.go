package rest

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Talks are the conversations with customers, for persons.
type Talks interface {
	// Conversations lists those that wait first, by severity and deadline.
	Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error)
	// Conversation: ErrNotFound where no person was ever needed.
	Conversation(ctx context.Context, customerID string) (presage.Conversation, error)
	Thread(ctx context.Context, customerID string) (presage.Thread, error)
	// Say plans what a person writes; ErrConflict says why the customer may not be told.
	Say(ctx context.Context, m presage.PersonalMessage) (presage.Message, error)
	// ActOnTalk does what a person wishes; ErrConflict says why it cannot be done.
	ActOnTalk(ctx context.Context, a presage.TalkAction) (presage.Conversation, error)
}

func (h *handlers) conversationRoutes(a huma.API) {
	const tag, path = "Conversations", "/v1/conversations"
	list := get("list-conversations", path, tag, "Conversations: those that wait first, by severity and deadline")
	list.Description = "A conversation is all that one customer and we said to each other, over all channels. It waits " +
		"(open) when a text needs a person, and no longer once a person has answered or closed it."
	list.Responses = example[page[conversation]](a, pageOf([]conversation{exampleConversation()}, 1, customerOf))
	route(a, h.Logger, list, h.conversations)
	thread := get("get-conversation", path+"/{customer}", tag, "What was said, the oldest first, and where it stands")
	thread.Responses = example[threadDetail](a, exampleThread())
	route(a, h.Logger, thread, h.thread)
	say := post("answer-customer", path+"/{customer}/messages", tag, "What a person writes to the customer")
	say.Description = "It goes out like every text: only with consent and without a STOP (409 says why not), in " +
		"quiet hours only as an answer to a text of the last hour. The conversation is closed by it."
	say.DefaultStatus = http.StatusCreated
	say.SkipValidateBody = true // one place checks all fields
	say.Responses = created[message](a, exampleAnswer())
	route(a, h.Logger, say, h.say)
	read := post("read-conversation", path+"/{customer}/read", tag, "A person has read what waits for one")
	read.Description = "How long a text waited to be read counts until the first such call. Acting on the conversation " +
		"counts as reading it; asking for it does not."
	read.Responses = example[conversation](a, exampleConversation())
	route(a, h.Logger, read, h.readConversation)
	act := post("act-on-conversation", path+"/{customer}/actions", tag, "What a person does with a conversation")
	act.Description = "assign: gives it to owner, to nobody without one. snooze: looks at it again at until, within 14 " +
		"days, or when the customer writes. close: nothing is left to say. reopen: it waits again."
	act.SkipValidateBody = true // one place checks all fields, those that need the clock too
	act.Responses = example[conversation](a, exampleConversation())
	route(a, h.Logger, act, h.actOnTalk)
}

// example describes a good answer by its type and one of them.
func example[T any](a huma.API, value any) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{typeJSON: {
			Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, ""), Example: value,
		}},
	}}
}

// created is what an operation answers with 201, by an example.
func created[T any](a huma.API, value T) map[string]*huma.Response {
	r := example[T](a, value)["200"]
	r.Description = http.StatusText(http.StatusCreated)
	return map[string]*huma.Response{"201": r}
}

// conversation is one with the reason why it waits, or ended, in words.
type conversation struct {
	presage.Conversation

	Why  string `json:"why,omitempty" doc:"The reason in words, in the language of Accept-Language"`
	Late bool   `json:"late" doc:"A person should have acted by now"`
}

func customerOf(c conversation) string { return c.CustomerID }

func (t teller) conversation(c presage.Conversation, now time.Time) conversation {
	late := c.State == presage.ConversationOpen && c.DueAt.Before(now)
	return conversation{c, t.why(c.Reason), late}
}

type conversationsInput struct {
	Reader
	Window

	State presage.ConversationState `query:"state" enum:"open,snoozed,closed" doc:"Of all when absent"`
	Owner string                    `query:"owner" maxLength:"100" doc:"The adviser's name" example:"Zhao Min"`
}

func (h *handlers) conversations(ctx context.Context, in *conversationsInput) (*body[page[conversation]], error) {
	if in.After != "" {
		if _, err := h.Talks.Conversation(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Talks.Conversations(ctx, presage.ConversationFilter{
		State: in.State, Owner: in.Owner, AfterID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	tell, told := h.teller(in.Reader, nil), make([]conversation, len(rows))
	for i, c := range rows {
		told[i] = tell.conversation(c, h.Now())
	}
	return paged(told, in.Limit, customerOf), nil
}

// turn is one thing that was said, with why it did not go out, or what came of a call.
type turn struct {
	presage.Turn

	Why string `json:"why,omitempty" doc:"The reason in words, in the language of Accept-Language"`
}

type threadDetail struct {
	Conversation conversation          `json:"conversation"`
	Turns        []turn                `json:"turns"`
	Channels     []presage.ChannelName `json:"channels" doc:"By which a person may answer now; empty: by none"`
}

type threadInput struct {
	Reader

	Customer string `path:"customer" maxLength:"64" example:"c-10042"`
}

func (h *handlers) thread(ctx context.Context, in *threadInput) (*body[threadDetail], error) {
	t, err := h.Talks.Thread(ctx, in.Customer)
	if err != nil {
		return nil, err
	}
	tell := h.teller(in.Reader, nil)
	d := threadDetail{
		Conversation: tell.conversation(t.Conversation, h.Now()), Turns: []turn{}, Channels: nonNil(t.Channels),
	}
	for _, x := range t.Turns {
		d.Turns = append(d.Turns, turn{x, tell.why(x.Reason)})
	}
	return &body[threadDetail]{Body: d}, nil
}

// readBy is who has read what waits; a request may leave it out.
type readBy struct {
	Who string `json:"who,omitempty" maxLength:"100" doc:"The person" example:"Zhao Min"`
}

func (b *readBy) name(ctx context.Context) string {
	if b == nil {
		return signed(ctx, "")
	}
	return signed(ctx, b.Who)
}

type readTalkInput struct {
	Reader

	Customer string  `path:"customer" maxLength:"64" example:"c-10042"`
	Body     *readBy `doc:"Who has read it, where that is known"`
}

func (h *handlers) readConversation(ctx context.Context, in *readTalkInput) (*body[conversation], error) {
	c, err := h.Talks.Conversation(ctx, in.Customer)
	if err != nil {
		return nil, err
	}
	if err := h.Stages.SawTalk(ctx, in.Customer, in.Body.name(ctx)); err != nil {
		return nil, err
	}
	return &body[conversation]{Body: h.teller(in.Reader, nil).conversation(c, h.Now())}, nil
}

type sayInput struct {
	Reader

	Customer string `path:"customer" maxLength:"64" example:"c-10042"`
	Body     struct {
		Text    string              `json:"text" minLength:"1" maxLength:"1000" example:"Yes, we keep a small car for you on Thursday."` //nolint:lll // a tag cannot be broken
		Who     string              `json:"who" minLength:"1" maxLength:"100" doc:"The person" example:"Zhao Min"`
		Channel presage.ChannelName `json:"channel,omitempty" enum:"push,sms,email,outbox" doc:"That of the customer's last text when absent"` //nolint:lll // a tag cannot be broken
		Key     string              `json:"key,omitempty" maxLength:"100" doc:"The same for a repeated request: it is sent once"`              //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) say(ctx context.Context, in *sayInput) (*body[message], error) {
	p := presage.PersonalMessage{
		CustomerID: in.Customer, Channel: in.Body.Channel, Text: in.Body.Text,
		Who: signed(ctx, in.Body.Who), Key: in.Body.Key,
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m, err := h.Talks.Say(ctx, p)
	if err != nil {
		return nil, err
	}
	return &body[message]{Body: h.teller(in.Reader, nil).messages([]presage.Message{m})[0]}, nil
}

type talkActionInput struct {
	Reader

	Customer string `path:"customer" maxLength:"64" example:"c-10042"`
	Body     struct {
		Action presage.TalkActionKind `json:"action" enum:"assign,snooze,close,reopen" example:"assign"`
		Who    string                 `json:"who" minLength:"1" maxLength:"100" doc:"The person" example:"Zhao Min"`
		Owner  string                 `json:"owner,omitempty" maxLength:"100" doc:"Of assign: who has it from now on" example:"Li Na"` //nolint:lll // a tag cannot be broken
		Until  time.Time              `json:"until,omitzero" doc:"Of snooze: when a person looks at it again"`
		Note   string                 `json:"note,omitempty" maxLength:"500" doc:"In the person's own words"`
	}
}

func (h *handlers) actOnTalk(ctx context.Context, in *talkActionInput) (*body[conversation], error) {
	b := in.Body
	x := presage.TalkAction{
		CustomerID: in.Customer, Kind: b.Action, Who: signed(ctx, b.Who), Owner: b.Owner, Until: b.Until, Note: b.Note,
	}
	if err := x.Validate(h.Now()); err != nil {
		return nil, err
	}
	c, err := h.Talks.ActOnTalk(ctx, x)
	if err != nil {
		return nil, fmt.Errorf("conversation %s: %w", in.Customer, err)
	}
	return &body[conversation]{Body: h.teller(in.Reader, nil).conversation(c, h.Now())}, nil
}
