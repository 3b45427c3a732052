/** The front end of Filiera: htmx and one small module a behaviour, each attached by data attributes. */

import "htmx.org";
import "./requests";
import "./toast";
import "./theme";
import "./menu";
import "./dialog";
import "./panel";
import "./palette";
import "./keys";
import "./saved";
import "./table";
import "./list";
import "./autosave";
import "./rows";
import "./combobox";
import "./board";
import "./upload";
import "./copy";
import "./time";
import "./live";
import "./socket";
import "./room";
