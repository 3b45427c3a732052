"""What people type into forums."""

from forums.forms.boards import BoardForm, ExpertForm
from forums.forms.posts import EditForm, ReplyForm, TopicForm, WordsForm

__all__ = ["BoardForm", "EditForm", "ExpertForm", "ReplyForm", "TopicForm", "WordsForm"]
