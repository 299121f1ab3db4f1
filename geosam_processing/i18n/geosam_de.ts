<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>GeoSAM</name>
    <message>
      <source>, where {} MB are free</source>
      <translation>, wo {} MB frei sind</translation>
    </message>
    <message>
      <source>1 for a point on the object, 0 for one beside it. None: all points are on it.</source>
      <translation>1 für einen Punkt auf dem Objekt, 0 für einen daneben. Keines: alle liegen darauf.</translation>
    </message>
    <message>
      <source>; and {} more reasons</source>
      <translation>; und {} weitere Gründe</translation>
    </message>
    <message>
      <source>A GeoTIFF of the tiles, put together.</source>
      <translation>Ein GeoTIFF aus den zusammengesetzten Kacheln.</translation>
    </message>
    <message>
      <source>A JSON file from Preview patches, from QGIS's Copy as JSON, or from Geo-SAM's Encoder Copilot. Its values are taken for what is not given here. In a command or script all that is named counts as given; in a dialog, where everything has a value, what differs from its default.</source>
      <translation>Eine JSON-Datei aus „Vorschau der Ausschnitte“, aus „Als JSON kopieren“ von QGIS oder aus dem Encoder Copilot von Geo-SAM. Ihre Werte gelten für das, was hier nicht angegeben ist. In einem Befehl oder Skript gilt alles Genannte als angegeben; in einem Dialog, wo alles einen Wert hat, was von seiner Vorgabe abweicht.</translation>
    </message>
    <message>
      <source>A JSON file that the parameter SETTINGS of Encode raster takes.</source>
      <translation>Eine JSON-Datei, die „Raster kodieren“ als Parameter SETTINGS annimmt.</translation>
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any CRS. A feature of several points is one object.</source>
      <translation>Ein Layer aus Punkten, oder aus Polygonen oder Linien, deren umgebende Rechtecke die Rahmen sind; in jedem KBS. Ein Layerobjekt aus mehreren Punkten ist ein Objekt.</translation>
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any CRS. Each feature is one object.</source>
      <translation>Ein Layer aus Punkten, oder aus Polygonen oder Linien, deren umgebende Rechtecke die Rahmen sind; in jedem KBS. Jedes Layerobjekt ist ein Objekt.</translation>
    </message>
    <message>
      <source>A new or empty folder, or one with an engine to renew. None: geosam/engine in the folder of the QGIS profile.</source>
      <translation>Ein neuer oder leerer Ordner, oder einer mit einer Engine, die erneuert werden soll. Keiner: geosam/engine im Ordner des QGIS-Profils.</translation>
    </message>
    <message>
      <source>A raster layer that is no file. In a command, XYZ tiles are 'wms://type=xyz&amp;url=https://host/{z}/{x}/{y}.png&amp;zmin=0&amp;zmax=19'; write %26 for an &amp; and %3D for an = inside the address.</source>
      <translation>Ein Rasterlayer, der keine Datei ist. In einem Befehl sind XYZ-Kacheln 'wms://type=xyz&amp;url=https://host/{z}/{x}/{y}.png&amp;zmin=0&amp;zmax=19'; in der Adresse %26 für &amp; und %3D für = schreiben.</translation>
    </message>
    <message>
      <source>A row a model. verified is empty where the official hash is not known.</source>
      <translation>Eine Zeile je Modell. verified ist leer, wo die amtliche Prüfsumme nicht bekannt ist.</translation>
    </message>
    <message>
      <source>A table: for each resolution and stride the number of patches, the disk space, the time and the share of the objects that are whole in a patch.</source>
      <translation>Eine Tabelle: für jede Auflösung und Schrittweite die Zahl der Ausschnitte, der Plattenplatz, die Dauer und der Anteil der Objekte, die ganz in einem Ausschnitt liegen.</translation>
    </message>
    <message>
      <source>Address of a folder that has the checkpoints under their official names, such as https://mirror.example/sam/. None: the makers' own server.</source>
      <translation>Adresse eines Ordners, in dem die Checkpoints unter ihren amtlichen Namen liegen, etwa https://mirror.example/sam/. Keine: der Server der Hersteller.</translation>
    </message>
    <message>
      <source>Address of a folder that has the checkpoints under their official names. None: the makers' own server.</source>
      <translation>Adresse eines Ordners, in dem die Checkpoints unter ihren amtlichen Namen liegen. Keine: der Server der Hersteller.</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <source>An object a row: before_m2, after_m2 and change_m2 in square metres, change_percent. The outline is that of the later date, or of the earlier one if the object is gone: the field outline tells.</source>
      <translation>Eine Zeile je Objekt: before_m2, after_m2 und change_m2 in Quadratmetern, change_percent. Der Umriss ist der des späteren Zeitpunkts, oder der des früheren, wenn das Objekt verschwunden ist: das Feld outline sagt es.</translation>
    </message>
    <message>
      <source>An object whose mask has a lower score, as the model estimates it, is not there.</source>
      <translation>Ein Objekt, dessen Maske das Modell geringer bewertet, gilt als nicht vorhanden.</translation>
    </message>
    <message>
      <source>An official model. tiny is the quickest without a GPU; base_plus is finer.</source>
      <translation>Ein amtliches Modell. tiny ist ohne GPU am schnellsten; base_plus ist feiner.</translation>
    </message>
    <message>
      <source>Any raster layer that has a CRS: files, XYZ, WMTS, WMS, WCS and others. In a command, a tile layer is INPUT='wms://type=xyz&amp;url=...&amp;zmin=0&amp;zmax=19'.</source>
      <translation>Jeder Rasterlayer, der ein KBS hat: Dateien, XYZ, WMTS, WMS, WCS und andere. In einem Befehl ist ein Kachellayer INPUT='wms://type=xyz&amp;url=...&amp;zmin=0&amp;zmax=19'.</translation>
    </message>
    <message>
      <source>Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation. None: the one that the settings file names.</source>
      <translation>Jedes Raster, das GDAL öffnet und das ein KBS hat: Bilder, Indizes, Radar, Höhen. Keines: das, welches die Einstellungsdatei nennt.</translation>
    </message>
    <message>
      <source>Area</source>
      <translation>Gebiet</translation>
    </message>
    <message>
      <source>Area statistics</source>
      <translation>Flächenstatistik</translation>
    </message>
    <message>
      <source>Authentication</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>BOXES ({}) is a layer of points: give one of polygons or lines</source>
      <translation>BOXES ({}) ist ein Punktlayer: einen aus Polygonen oder Linien angeben</translation>
    </message>
    <message>
      <source>BOXES go with the points of PROMPTS: give that, too, or give them as PROMPTS</source>
      <translation>BOXES gehören zu den Punkten von PROMPTS: auch diese angeben, oder die Rahmen als PROMPTS</translation>
    </message>
    <message>
      <source>Bands, up to three</source>
      <translation>Kanäle, bis zu drei</translation>
    </message>
    <message>
      <source>Batch size (patches)</source>
      <translation>Stapelgröße (Ausschnitte)</translation>
    </message>
    <message>
      <source>Batch size (prompts)</source>
      <translation>Stapelgröße (Vorgaben)</translation>
    </message>
    <message>
      <source>Bounding boxes to go with the points. With an object id field, which this layer must then have too, a box goes with the points of its id; without one, with the points that lie in it. A box without points is an object by itself.</source>
      <translation>Umgebende Rechtecke zu den Punkten. Mit einem Feld für die Objektnummer, das dann auch dieser Layer haben muss, gehört ein Rahmen zu den Punkten seiner Nummer; ohne eines zu den Punkten, die in ihm liegen. Ein Rahmen ohne Punkte ist für sich ein Objekt.</translation>
    </message>
    <message>
      <source>Box of one object</source>
      <translation>Rahmen um ein Objekt</translation>
    </message>
    <message>
      <source>Boxes for the points</source>
      <translation>Rahmen zu den Punkten</translation>
    </message>
    <message>
      <source>Build of PyTorch</source>
      <translation>Variante von PyTorch</translation>
    </message>
    <message>
      <source>CUDA device index</source>
      <translation>Nummer des CUDA-Geräts</translation>
    </message>
    <message>
      <source>Cache</source>
      <translation>Zwischenspeicher</translation>
    </message>
    <message>
      <source>Cancelled: what came is kept, run again to go on</source>
      <translation>Abgebrochen: was angekommen ist, bleibt; zum Fortsetzen erneut ausführen</translation>
    </message>
    <message>
      <source>Cancelled: what was done by then is kept</source>
      <translation>Abgebrochen: was bis dahin fertig war, bleibt erhalten</translation>
    </message>
    <message>
      <source>Cannot make the folder {} ({}): give another OUTPUT</source>
      <translation>Der Ordner {} lässt sich nicht anlegen ({}): anderes OUTPUT angeben</translation>
    </message>
    <message>
      <source>Cannot write the report {} ({}): give another OUTPUT</source>
      <translation>Der Bericht {} lässt sich nicht schreiben ({}): anderes OUTPUT angeben</translation>
    </message>
    <message>
      <source>Cannot write to {} ({}){}: make room there or give another folder</source>
      <translation>In {} lässt sich nicht schreiben ({}){}: dort Platz schaffen oder anderen Ordner angeben</translation>
    </message>
    <message>
      <source>Cannot write {} ({}): give another file</source>
      <translation>{} lässt sich nicht schreiben ({}): andere Datei angeben</translation>
    </message>
    <message>
      <source>Cannot write {} ({}): make room there or give another</source>
      <translation>{} lässt sich nicht schreiben ({}): dort Platz schaffen oder anderes Ziel angeben</translation>
    </message>
    <message>
      <source>Cannot write {}: check that its folder can be written to</source>
      <translation>{} lässt sich nicht schreiben: prüfen, ob der Ordner beschreibbar ist</translation>
    </message>
    <message>
      <source>Changes</source>
      <translation>Änderungen</translation>
    </message>
    <message>
      <source>Checkpoint</source>
      <translation>Checkpoint</translation>
    </message>
    <message>
      <source>Checkpoint carried over by hand</source>
      <translation>Von Hand übertragener Checkpoint</translation>
    </message>
    <message>
      <source>Checkpoint file</source>
      <translation>Checkpoint-Datei</translation>
    </message>
    <message>
      <source>Checkpoints (*.pt *.pth);;All files (*)</source>
      <translation>Checkpoints (*.pt *.pth);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Clear live cache</source>
      <translation>Live-Zwischenspeicher leeren</translation>
    </message>
    <message>
      <source>Compare the files' SHA-256</source>
      <translation>SHA-256 der Dateien vergleichen</translation>
    </message>
    <message>
      <source>Compare two dates</source>
      <translation>Zwei Zeitpunkte vergleichen</translation>
    </message>
    <message>
      <source>Comparison</source>
      <translation>Vergleich</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Device that models run on</source>
      <translation>Gerät, auf dem Modelle laufen</translation>
    </message>
    <message>
      <source>Device that runs the models</source>
      <translation>Gerät, auf dem die Modelle laufen</translation>
    </message>
    <message>
      <source>Disk space of the features (megabytes)</source>
      <translation>Plattenplatz der Merkmale (Megabyte)</translation>
    </message>
    <message>
      <source>Download a model and segment</source>
      <translation>Modell herunterladen und segmentieren</translation>
    </message>
    <message>
      <source>Download model</source>
      <translation>Modell herunterladen</translation>
    </message>
    <message>
      <source>Downloading {}</source>
      <translation>{} wird heruntergeladen</translation>
    </message>
    <message>
      <source>Encode as recommended</source>
      <translation>Wie empfohlen kodieren</translation>
    </message>
    <message>
      <source>Encode patches without data too</source>
      <translation>Auch Ausschnitte ohne Daten kodieren</translation>
    </message>
    <message>
      <source>Encode raster</source>
      <translation>Raster kodieren</translation>
    </message>
    <message>
      <source>Encode tile layer</source>
      <translation>Kachellayer kodieren</translation>
    </message>
    <message>
      <source>Encodes a part of an online map: XYZ tiles, WMTS, WMS, WCS, ArcGIS, and whatever else QGIS shows as a raster but is no file. QGIS fetches the tiles, with its own settings for passwords and proxies; the features are the same as those of Encode raster, and Segment from prompts takes them.

Tiles that do not come are counted and left out. Stopped or failed, a run with the same settings continues where it was, and fetches no tile twice. Mind the terms of use of the server: many allow to look at tiles, but not to fetch a whole country.</source>
      <translation>Kodiert einen Teil einer Online-Karte: XYZ-Kacheln, WMTS, WMS, WCS, ArcGIS und was QGIS sonst als Raster zeigt, ohne dass es eine Datei ist. QGIS ruft die Kacheln ab, mit seinen eigenen Einstellungen für Passwörter und Proxys; die Merkmale sind dieselben wie die von „Raster kodieren“, und „Nach Vorgaben segmentieren“ nimmt sie an.

Kacheln, die nicht kommen, werden gezählt und ausgelassen. Abgebrochen oder gescheitert, macht ein Lauf mit denselben Einstellungen dort weiter, wo er war, und ruft keine Kachel zweimal ab. Die Nutzungsbedingungen des Servers beachten: viele erlauben, Kacheln anzusehen, nicht aber, ein ganzes Land abzurufen.</translation>
    </message>
    <message>
      <source>Encodes a raster, turns a layer of points or boxes into polygons, and cleans these up: fills holes, drops superfluous vertices, and rounds or squares the outlines. The features can be kept for the next prompts.</source>
      <translation>Kodiert ein Raster, macht aus einem Layer von Punkten oder Rahmen Polygone und räumt diese auf: füllt Löcher, lässt überflüssige Stützpunkte weg und rundet die Umrisse oder macht sie rechtwinklig. Die Merkmale können für die nächsten Vorgaben aufgehoben werden.</translation>
    </message>
    <message>
      <source>Encodes patches of the bundled model for up to ten seconds. Off: the report is quicker.</source>
      <translation>Kodiert bis zu zehn Sekunden lang Ausschnitte mit dem mitgelieferten Modell. Aus: der Bericht ist schneller fertig.</translation>
    </message>
    <message>
      <source>Encoding</source>
      <translation>Kodierung</translation>
    </message>
    <message>
      <source>Engine</source>
      <translation>Engine</translation>
    </message>
    <message>
      <source>Engine report</source>
      <translation>Bericht zur Engine</translation>
    </message>
    <message>
      <source>Environment variables</source>
      <translation>Umgebungsvariablen</translation>
    </message>
    <message>
      <source>Example objects</source>
      <translation>Beispielobjekte</translation>
    </message>
    <message>
      <source>Example objects or prompts</source>
      <translation>Beispielobjekte oder Vorgaben</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Merkmale</translation>
    </message>
    <message>
      <source>Features of an earlier run</source>
      <translation>Merkmale eines früheren Laufs</translation>
    </message>
    <message>
      <source>Fetches an official model, if it is not there yet, encodes a raster with it, and turns a layer of points or boxes into polygons. What an earlier run fetched or encoded into the same folder is used again.</source>
      <translation>Holt ein amtliches Modell, wenn es noch nicht da ist, kodiert damit ein Raster und macht aus einem Layer von Punkten oder Rahmen Polygone. Was ein früherer Lauf geholt oder in denselben Ordner kodiert hat, wird wieder verwendet.</translation>
    </message>
    <message>
      <source>Fetches the official checkpoint of a model into the folder where the other algorithms look for it, and compares its SHA-256. Broken off, it goes on where it was. A file that is there already and right is left as it is.

The network is QGIS's, with its proxy and passwords. For a machine without network, carry the file over and give it as FILE.</source>
      <translation>Holt den amtlichen Checkpoint eines Modells in den Ordner, in dem die anderen Algorithmen ihn suchen, und vergleicht seine SHA-256. Unterbrochen, geht es dort weiter, wo es war. Eine Datei, die schon da und richtig ist, bleibt, wie sie ist.

Das Netz ist das von QGIS, mit dessen Proxy und Passwörtern. Für einen Rechner ohne Netz die Datei von Hand übertragen und als FILE angeben.</translation>
    </message>
    <message>
      <source>Fetching patch {} of {}</source>
      <translation>Ausschnitt {} von {} wird abgerufen</translation>
    </message>
    <message>
      <source>Fetching {} x {} pixels of {:.6g} map units</source>
      <translation>{} x {} Pixel zu {:.6g} Karteneinheiten werden abgerufen</translation>
    </message>
    <message>
      <source>Fill holes up to (square map units)</source>
      <translation>Löcher füllen bis (Quadrat der Karteneinheit)</translation>
    </message>
    <message>
      <source>Fill holes up to (square metres)</source>
      <translation>Löcher füllen bis (Quadratmeter)</translation>
    </message>
    <message>
      <source>Folder of the cache</source>
      <translation>Ordner des Zwischenspeichers</translation>
    </message>
    <message>
      <source>Folder of the engine</source>
      <translation>Ordner der Engine</translation>
    </message>
    <message>
      <source>Folder of the live cache</source>
      <translation>Ordner des Live-Zwischenspeichers</translation>
    </message>
    <message>
      <source>Folder of the models</source>
      <translation>Ordner der Modelle</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <source>For the estimate of the time, such as that of another computer. None: one patch is put through the model here and now, if the model is there.</source>
      <translation>Für die Schätzung der Dauer, etwa der eines anderen Rechners. Keine: ein Ausschnitt geht hier und jetzt durch das Modell, wenn es da ist.</translation>
    </message>
    <message>
      <source>Free disk space</source>
      <translation>Freier Plattenplatz</translation>
    </message>
    <message>
      <source>Free disk space for models (gigabytes)</source>
      <translation>Freier Plattenplatz für Modelle (Gigabyte)</translation>
    </message>
    <message>
      <source>Freed space (megabytes)</source>
      <translation>Freigegebener Platz (Megabyte)</translation>
    </message>
    <message>
      <source>From the start of a patch to that of the next. Half a patch (512; for geosam_nano 256) has every object of up to half a patch whole in some patch; smaller takes longer, larger is quicker. No more than the model's patch.</source>
      <translation>Vom Anfang eines Ausschnitts zu dem des nächsten. Mit der halben Breite (512; für geosam_nano 256) liegt jedes Objekt von bis zu einem halben Ausschnitt ganz in irgendeinem; kleiner dauert länger, größer geht schneller. Nicht mehr als der Ausschnitt des Modells.</translation>
    </message>
    <message>
      <source>GeoSAM (Segment Anything for rasters)</source>
      <translation>GeoSAM (Segment Anything für Raster)</translation>
    </message>
    <message>
      <source>GeoSAM Processing</source>
      <translation>GeoSAM Processing</translation>
    </message>
    <message>
      <source>GeoSAM engine report</source>
      <translation>Bericht zur GeoSAM-Engine</translation>
    </message>
    <message>
      <source>GeoSAM has no engine yet: run the algorithm Install engine (geosam:installengine), or `make setup` in a checkout; or set the environment variable GEOSAM_ENGINE_PYTHON, or the Processing setting of that name, to the Python of an engine's environment</source>
      <translation>GeoSAM hat noch keine Engine: den Algorithmus „Engine installieren“ (geosam:installengine) ausführen, oder in einem Checkout `make setup`; oder die Umgebungsvariable GEOSAM_ENGINE_PYTHON oder die Verarbeitungs-Einstellung dieses Namens auf das Python einer Engine-Umgebung setzen</translation>
    </message>
    <message>
      <source>Give EXTENT or PROMPTS, but not both: they say which part is encoded</source>
      <translation>EXTENT oder PROMPTS angeben, nicht beides: sie sagen, welcher Teil kodiert wird</translation>
    </message>
    <message>
      <source>Give ZOOM or RESOLUTION: the layer has no one size of pixels of its own</source>
      <translation>ZOOM oder RESOLUTION angeben: der Layer hat keine eigene Pixelgröße</translation>
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation>HTML-Dateien (*.html)</translation>
    </message>
    <message>
      <source>Holes of up to this area are filled. 0: none.</source>
      <translation>Löcher bis zu dieser Fläche werden gefüllt. 0: keine.</translation>
    </message>
    <message>
      <source>How far a patch is from the next. None: half a patch of the model, which lets every object of up to that size lie whole in some patch; smaller ones take longer.</source>
      <translation>Wie weit ein Ausschnitt vom nächsten entfernt ist. Keine: ein halber Ausschnitt des Modells, sodass jedes Objekt bis zu dieser Größe ganz in irgendeinem liegt; kleinere dauern länger.</translation>
    </message>
    <message>
      <source>How far beyond the outermost prompts is encoded. An object has to lie in there as a whole.</source>
      <translation>Wie weit über die äußersten Vorgaben hinaus kodiert wird. Ein Objekt muss ganz darin liegen.</translation>
    </message>
    <message>
      <source>How far outlines may be moved to have fewer vertices. 0: not at all; they follow the pixels. Geo-SAM uses 1.5.</source>
      <translation>Wie weit Umrisse verschoben werden dürfen, damit sie weniger Stützpunkte haben. 0: gar nicht; sie folgen den Pixeln. Geo-SAM nimmt 1,5.</translation>
    </message>
    <message>
      <source>How far outlines may be moved to have fewer vertices. 0: they follow the pixels.</source>
      <translation>Wie weit Umrisse verschoben werden dürfen, damit sie weniger Stützpunkte haben. 0: sie folgen den Pixeln.</translation>
    </message>
    <message>
      <source>How many patches an object may be tried on until it does not reach the edge any more. 1: the first only.</source>
      <translation>Auf wie vielen Ausschnitten ein Objekt versucht werden darf, bis es den Rand nicht mehr berührt. 1: nur auf dem ersten.</translation>
    </message>
    <message>
      <source>How many patches go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation>Wie viele Ausschnitte zugleich durch das Modell gehen. 0 wählt nach dem freien Speicher.</translation>
    </message>
    <message>
      <source>How many prompts go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation>Wie viele Vorgaben zugleich durch das Modell gehen. 0 wählt nach dem freien Speicher.</translation>
    </message>
    <message>
      <source>How often a tile that failed is asked for again, after 1, 2, 4 ... seconds. What the server does not have or refuses (HTTP 404, 403 ...) is not asked for again.</source>
      <translation>Wie oft nach einer gescheiterten Kachel noch einmal gefragt wird, nach 1, 2, 4 ... Sekunden. Was der Server nicht hat oder verweigert (HTTP 404, 403 ...), wird nicht noch einmal angefragt.</translation>
    </message>
    <message>
      <source>How often the manifest, which names the patches that are done, is written. One of balanced (every 16 patches) and low_memory (every patch); in a large folder, whenever a twentieth of it is new. A run that goes on finds all patches either way.</source>
      <translation>Wie oft das Manifest geschrieben wird, das die fertigen Ausschnitte nennt. Eines von balanced (alle 16 Ausschnitte) und low_memory (jeden Ausschnitt); in einem großen Ordner, sobald ein Zwanzigstel davon neu ist. Ein Lauf, der fortsetzt, findet so oder so alle Ausschnitte.</translation>
    </message>
    <message>
      <source>If given, it brings the Python, whatever is on this computer. None: uv is used only where no Python fits: that on the path, else one fetched by pip.</source>
      <translation>Wenn angegeben, bringt es das Python, was auch immer auf diesem Rechner ist. Keines: uv dient nur dort, wo kein Python passt: das im Suchpfad, sonst eines, das pip holt.</translation>
    </message>
    <message>
      <source>In the cache</source>
      <translation>Im Zwischenspeicher</translation>
    </message>
    <message>
      <source>In the order red, green, blue. One band is taken three times, of two the second one twice. None: the first one to three. In a command: BANDS=3;2;1 in quotes.</source>
      <translation>In der Reihenfolge Rot, Grün, Blau. Ein Kanal wird dreimal genommen, von zweien der zweite doppelt. Keine: die ersten ein bis drei. In einem Befehl: BANDS=3;2;1 in Anführungszeichen.</translation>
    </message>
    <message>
      <source>Install engine</source>
      <translation>Engine installieren</translation>
    </message>
    <message>
      <source>Instead of a layer of prompts: click on the object. In a command: x,y in the CRS of the raster layer, or x,y [EPSG:4326].</source>
      <translation>Statt eines Layers von Vorgaben: auf das Objekt klicken. In einem Befehl: x,y im KBS des Rasterlayers, oder x,y [EPSG:4326].</translation>
    </message>
    <message>
      <source>Instead of a layer of prompts: draw the box around the object. With a point in it, both are one object. In a command: xmin,xmax,ymin,ymax in the CRS of the raster layer, or with [EPSG:4326] after it.</source>
      <translation>Statt eines Layers von Vorgaben: den Rahmen um das Objekt ziehen. Mit einem Punkt darin sind beide ein Objekt. In einem Befehl: xmin,xmax,ymin,ymax im KBS des Rasterlayers, oder mit [EPSG:4326] dahinter.</translation>
    </message>
    <message>
      <source>Instead of a stride: how much of a patch's width the next one covers again. 50 is a stride of half a patch.</source>
      <translation>Statt einer Schrittweite: wie viel von der Breite eines Ausschnitts der nächste noch einmal bedeckt. 50 ist eine Schrittweite von einem halben Ausschnitt.</translation>
    </message>
    <message>
      <source>Instead of a target resolution: how many times as wide as the raster's own pixels the new ones are. 2 for patches that cover four times the area.</source>
      <translation>Statt einer Zielauflösung: wievielmal so breit wie die Pixel des Rasters die neuen sind. 2 für Ausschnitte, die die vierfache Fläche bedecken.</translation>
    </message>
    <message>
      <source>Invalid BANDS ({}): give up to three band numbers, such as 3;2;1</source>
      <translation>Ungültiges BANDS ({}): bis zu drei Kanalnummern angeben, etwa 3;2;1</translation>
    </message>
    <message>
      <source>Invalid CRS ({}): give EPSG:n with a code that exists, or WKT</source>
      <translation>Ungültiges KBS ({}): EPSG:n mit einer Nummer, die es gibt, oder WKT angeben</translation>
    </message>
    <message>
      <source>Invalid MAX_TILES ({}): give 1 or more</source>
      <translation>Ungültiges MAX_TILES ({}): 1 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid MIRROR ({}): give an address that begins with https:// or http://</source>
      <translation>Ungültiges MIRROR ({}): eine Adresse angeben, die mit https:// oder http:// beginnt</translation>
    </message>
    <message>
      <source>Invalid MISSING ({}): choose mask or error</source>
      <translation>Ungültiges MISSING ({}): mask oder error wählen</translation>
    </message>
    <message>
      <source>Invalid MODEL_TYPE ({}) in SETTINGS ({}): GeoSAM has no such model; give MODEL, or correct it to one of {}</source>
      <translation>Ungültiges MODEL_TYPE ({}) in SETTINGS ({}): ein solches Modell hat GeoSAM nicht; MODEL angeben, oder berichtigen zu einem von {}</translation>
    </message>
    <message>
      <source>Invalid RANGE ({}): give a minimum and a maximum, such as 0,3000</source>
      <translation>Ungültiges RANGE ({}): Minimum und Maximum angeben, etwa 0,3000</translation>
    </message>
    <message>
      <source>Invalid RASTER ({}): it is a GeoTIFF, so let it end in .tif</source>
      <translation>Ungültiges RASTER ({}): es ist ein GeoTIFF und muss auf .tif enden</translation>
    </message>
    <message>
      <source>Invalid RESOLUTION ({}): give metres above 0</source>
      <translation>Ungültiges RESOLUTION ({}): Meter über 0 angeben</translation>
    </message>
    <message>
      <source>Invalid RETRIES ({}): give 0 or more</source>
      <translation>Ungültiges RETRIES ({}): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid ZOOM ({}): valid values for the layer {} are {} to {}</source>
      <translation>Ungültiges ZOOM ({}): gültige Werte für den Layer {} sind {} bis {}</translation>
    </message>
    <message>
      <source>Invalid band number for BANDS ({}): valid values for the input raster are 1 to {}</source>
      <translation>Ungültige Kanalnummer in BANDS ({}): gültige Werte für das Raster sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid label ({}): use 1 for foreground and 0 for background</source>
      <translation>Ungültige Kennzeichnung ({}): 1 für Vordergrund und 0 für Hintergrund nehmen</translation>
    </message>
    <message>
      <source>Invalid {} ({}) in SETTINGS ({}): correct the file, or give {}</source>
      <translation>Ungültiges {} ({}) in SETTINGS ({}): die Datei berichtigen oder {} angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): choose one of {}</source>
      <translation>Ungültiges {} ({}): eines wählen von {}</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give numbers separated by commas</source>
      <translation>Ungültiges {} ({}): durch Komma getrennte Zahlen angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give {}</source>
      <translation>Ungültiges {} ({}): angeben: {}</translation>
    </message>
    <message>
      <source>Invalid {} ({}): the fields of {} are {}</source>
      <translation>Ungültiges {} ({}): die Felder von {} sind {}</translation>
    </message>
    <message>
      <source>Keep the largest part only</source>
      <translation>Nur den größten Teil behalten</translation>
    </message>
    <message>
      <source>Label field</source>
      <translation>Feld mit Vorder- und Hintergrund</translation>
    </message>
    <message>
      <source>Largest size of the cache (megabytes)</source>
      <translation>Höchste Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Leaves out so much of the lowest and of the highest values where the value range is taken from the raster. 2 brightens a raster with a few extreme values.</source>
      <translation>Lässt so viel von den niedrigsten und den höchsten Werten weg, wenn der Wertebereich dem Raster entnommen wird. 2 hellt ein Raster mit wenigen extremen Werten auf.</translation>
    </message>
    <message>
      <source>List models</source>
      <translation>Modelle auflisten</translation>
    </message>
    <message>
      <source>Looks at a few example objects, finds the resolution and the stride at which objects like them lie whole in a patch, and encodes the raster so. The features are then ready for Segment from prompts.</source>
      <translation>Sieht sich einige Beispielobjekte an, findet die Auflösung und die Schrittweite, bei denen Objekte wie diese ganz in einem Ausschnitt liegen, und kodiert das Raster so. Die Merkmale sind dann bereit für „Nach Vorgaben segmentieren“.</translation>
    </message>
    <message>
      <source>Make it anew even if it is up to date</source>
      <translation>Neu anlegen, auch wenn sie aktuell ist</translation>
    </message>
    <message>
      <source>Makes a table of all models: what they are good for, how large they are, their licence, whether they are downloaded, where, and whether the file is the official one.</source>
      <translation>Macht eine Tabelle aller Modelle: wofür sie gut sind, wie groß sie sind, ihre Lizenz, ob und wohin sie heruntergeladen sind und ob die Datei die amtliche ist.</translation>
    </message>
    <message>
      <source>Makes the environment that GeoSAM's models run in: PyTorch and its company, apart from QGIS's own Python, in the folder of your QGIS profile. Run it once, and again after an update of the plugin; if all is up to date it ends at once.

It downloads about 200 MB and takes 2 GB on the disk, with CUDA 3 GB and 7 GB. Stopped, it continues the next time. An engine that is there stays in use until the new one has proved itself.</source>
      <translation>Legt die Umgebung an, in der die Modelle von GeoSAM laufen: PyTorch und was dazugehört, getrennt vom Python von QGIS, im Ordner des QGIS-Profils. Einmal ausführen, und wieder nach einem Update der Erweiterung; ist alles aktuell, ist es sofort fertig.

Es lädt etwa 200 MB herunter und belegt 2 GB, mit CUDA 3 GB und 7 GB. Abgebrochen, geht es beim nächsten Mal weiter. Eine vorhandene Engine bleibt in Gebrauch, bis sich die neue bewährt hat.</translation>
    </message>
    <message>
      <source>Manifest</source>
      <translation>Manifest</translation>
    </message>
    <message>
      <source>Margin around the objects (pixels)</source>
      <translation>Rand um die Objekte (Pixel)</translation>
    </message>
    <message>
      <source>Masks</source>
      <translation>Masken</translation>
    </message>
    <message>
      <source>Measure how fast patches are encoded</source>
      <translation>Messen, wie schnell Ausschnitte kodiert werden</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>Arbeitsspeicher</translation>
    </message>
    <message>
      <source>Memory of the GPU</source>
      <translation>Speicher der GPU</translation>
    </message>
    <message>
      <source>Memory strategy</source>
      <translation>Speicherstrategie</translation>
    </message>
    <message>
      <source>Memory that encoding takes (megabytes)</source>
      <translation>Speicherbedarf der Kodierung (Megabyte)</translation>
    </message>
    <message>
      <source>Minimum area (square metres)</source>
      <translation>Mindestfläche (Quadratmeter)</translation>
    </message>
    <message>
      <source>Minimum score (0 to 1)</source>
      <translation>Mindestgüte (0 bis 1)</translation>
    </message>
    <message>
      <source>Mirror</source>
      <translation>Spiegelserver</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Model folder</source>
      <translation>Modellordner</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models run on</source>
      <translation>Modelle laufen auf</translation>
    </message>
    <message>
      <source>More than that is an error, before they are fetched. Raise it only if the server's terms of use allow so many.</source>
      <translation>Mehr als das ist ein Fehler, bevor etwas abgerufen wird. Nur erhöhen, wenn die Nutzungsbedingungen des Servers so viele erlauben.</translation>
    </message>
    <message>
      <source>Most patches to draw</source>
      <translation>Höchstzahl gezeichneter Ausschnitte</translation>
    </message>
    <message>
      <source>Most tiles to fetch</source>
      <translation>Höchstzahl abzurufender Kacheln</translation>
    </message>
    <message>
      <source>Number of files in the cache</source>
      <translation>Zahl der Dateien im Zwischenspeicher</translation>
    </message>
    <message>
      <source>Number of files that were removed</source>
      <translation>Zahl der entfernten Dateien</translation>
    </message>
    <message>
      <source>Number of models that are there</source>
      <translation>Zahl der vorhandenen Modelle</translation>
    </message>
    <message>
      <source>Number of models whose checkpoint is there and whole</source>
      <translation>Zahl der Modelle, deren Checkpoint da und unbeschädigt ist</translation>
    </message>
    <message>
      <source>Number of patches</source>
      <translation>Zahl der Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches in the folder</source>
      <translation>Zahl der Ausschnitte im Ordner</translation>
    </message>
    <message>
      <source>Number of patches that an earlier run had encoded</source>
      <translation>Zahl der Ausschnitte aus einem früheren Lauf</translation>
    </message>
    <message>
      <source>Number of patches that are in the features already</source>
      <translation>Zahl der Ausschnitte, die schon in den Merkmalen sind</translation>
    </message>
    <message>
      <source>Number of patches that came from the cache</source>
      <translation>Zahl der Ausschnitte aus dem Zwischenspeicher</translation>
    </message>
    <message>
      <source>Number of patches that were encoded</source>
      <translation>Zahl der kodierten Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches without data, which are skipped</source>
      <translation>Zahl der Ausschnitte ohne Daten, die übersprungen werden</translation>
    </message>
    <message>
      <source>Number of patches without data, which were skipped</source>
      <translation>Zahl der übersprungenen Ausschnitte ohne Daten</translation>
    </message>
    <message>
      <source>Number of polygons</source>
      <translation>Zahl der Polygone</translation>
    </message>
    <message>
      <source>Number of tiles</source>
      <translation>Zahl der Kacheln</translation>
    </message>
    <message>
      <source>Number of unanswered prompts</source>
      <translation>Zahl der unbeantworteten Vorgaben</translation>
    </message>
    <message>
      <source>Object id field</source>
      <translation>Feld mit der Objektnummer</translation>
    </message>
    <message>
      <source>Objects</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <source>Objects in their patches</source>
      <translation>Objekte in ihren Ausschnitten</translation>
    </message>
    <message>
      <source>Objects like those that you will segment, roughly drawn, in any CRS; their bounding boxes count. With them, a resolution and a stride are recommended.</source>
      <translation>Objekte wie die, die segmentiert werden sollen, grob gezeichnet, in jedem KBS; ihre umgebenden Rechtecke zählen. Mit ihnen werden eine Auflösung und eine Schrittweite empfohlen.</translation>
    </message>
    <message>
      <source>Objects like those that you will segment, roughly drawn; their bounding boxes count.</source>
      <translation>Objekte wie die, die segmentiert werden sollen, grob gezeichnet; ihre umgebenden Rechtecke zählen.</translation>
    </message>
    <message>
      <source>Objects that lie whole in a patch (percent)</source>
      <translation>Objekte, die ganz in einem Ausschnitt liegen (Prozent)</translation>
    </message>
    <message>
      <source>Of more patches only the first ones become polygons. The numbers are those of all.</source>
      <translation>Von mehr Ausschnitten werden nur die ersten zu Polygonen. Die Zahlen gelten für alle.</translation>
    </message>
    <message>
      <source>Off: an engine that works and is up to date is left as it is.</source>
      <translation>Aus: eine Engine, die läuft und aktuell ist, bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>Off: patches that are wholly nodata are skipped.</source>
      <translation>Aus: Ausschnitte, die ganz ohne Daten sind, werden übersprungen.</translation>
    </message>
    <message>
      <source>Off: the processor does the work, even if there is a GPU that could.</source>
      <translation>Aus: der Prozessor rechnet, auch wenn eine GPU es könnte.</translation>
    </message>
    <message>
      <source>On: a file of the model's name that is not the official one is replaced. Off: that is an error.</source>
      <translation>Ein: eine Datei mit dem Namen des Modells, die nicht die amtliche ist, wird ersetzt. Aus: das ist ein Fehler.</translation>
    </message>
    <message>
      <source>On: each file that is there is read; a second for the large ones. Off: verified stays empty.</source>
      <translation>Ein: jede vorhandene Datei wird gelesen; eine Sekunde für die großen. Aus: verified bleibt leer.</translation>
    </message>
    <message>
      <source>On: of a mask in several pieces only the largest one becomes the polygon.</source>
      <translation>Ein: von einer Maske aus mehreren Stücken wird nur das größte zum Polygon.</translation>
    </message>
    <message>
      <source>One of auto, best, smallest, largest, single. auto asks the model for three masks of a lone point and keeps the one with the best score, and for a single mask of every other prompt. best, smallest and largest always ask for three and keep that one; single always asks for one.</source>
      <translation>Eines von auto, best, smallest, largest, single. auto verlangt für einen einzelnen Punkt drei Masken vom Modell und behält die am besten bewertete, für jede andere Vorgabe eine einzige. best, smallest und largest verlangen immer drei und behalten die beste, kleinste oder größte; single verlangt immer eine.</translation>
    </message>
    <message>
      <source>One of auto, cpu, cuda. auto: cuda where an NVIDIA driver answers, else cpu, which is much smaller. On a Mac there is one build for both.</source>
      <translation>Eines von auto, cpu, cuda. auto: cuda, wo ein NVIDIA-Treiber antwortet, sonst cpu, was viel kleiner ist. Auf einem Mac gibt es eine Variante für beides.</translation>
    </message>
    <message>
      <source>One of auto, float32, bfloat16, float16. auto: float32 on a processor, which is exact, float16 on an NVIDIA GPU. bfloat16 takes about half the time on a processor that has AVX-512 BF16 or AMX, and masks keep an IoU of 0.997 with those of float32, on average; float16 needs a GPU and keeps 0.9997.</source>
      <translation>Eines von auto, float32, bfloat16, float16. auto: float32 auf einem Prozessor, was genau ist, float16 auf einer NVIDIA-GPU. bfloat16 braucht etwa die halbe Zeit auf einem Prozessor mit AVX-512 BF16 oder AMX, und Masken behalten mit denen von float32 im Mittel eine IoU von 0,997; float16 braucht eine GPU und behält 0,9997.</translation>
    </message>
    <message>
      <source>One of float16, float32. float16 takes half the space and keeps masks at an IoU of 0.9998 with those of float32, on average.</source>
      <translation>Eines von float16, float32. float16 braucht den halben Platz, und Masken behalten mit denen von float32 im Mittel eine IoU von 0,9998.</translation>
    </message>
    <message>
      <source>One of geosam_nano, vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. geosam_nano comes with the plugin and is for a first try; for real work take an official model, whose checkpoint you download once.</source>
      <translation>Eines von geosam_nano, vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. geosam_nano kommt mit der Erweiterung und ist für den ersten Versuch; für echte Arbeit ein amtliches Modell nehmen, dessen Checkpoint einmal heruntergeladen wird.</translation>
    </message>
    <message>
      <source>One of mask (their pixels are nodata, and a warning tells how many) and error (the run ends; the next one goes on where it stopped).</source>
      <translation>Eines von mask (ihre Pixel sind ohne Daten, und eine Warnung sagt, wie viele) und error (der Lauf endet; der nächste macht dort weiter).</translation>
    </message>
    <message>
      <source>One of vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. sam2.1_hiera_base_plus is a good choice for most work; tiny is the quickest without a GPU. sam3 does not run yet: it tells what it needs.</source>
      <translation>Eines von vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. sam2.1_hiera_base_plus ist für die meiste Arbeit eine gute Wahl; tiny ist ohne GPU am schnellsten. sam3 läuft noch nicht: es sagt, was es braucht.</translation>
    </message>
    <message>
      <source>One row: number of objects, total, mean, smallest and largest area in square metres.</source>
      <translation>Eine Zeile: Zahl der Objekte, gesamte, mittlere, kleinste und größte Fläche in Quadratmetern.</translation>
    </message>
    <message>
      <source>Only this part of the raster is encoded. None: all of it.</source>
      <translation>Nur dieser Teil des Rasters wird kodiert. Keine: das ganze.</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Outlines of the patches, so that you see what was encoded.</source>
      <translation>Umrisse der Ausschnitte, damit zu sehen ist, was kodiert wurde.</translation>
    </message>
    <message>
      <source>Outlines of the patches, with the share of nodata, and whether one would be skipped or is in the features already.</source>
      <translation>Umrisse der Ausschnitte, mit dem Anteil ohne Daten und ob einer übersprungen würde oder schon in den Merkmalen ist.</translation>
    </message>
    <message>
      <source>Overlap of neighbouring patches (percent)</source>
      <translation>Überlappung benachbarter Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>Overlap of the patches (percent)</source>
      <translation>Überlappung der Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>PNG (*.png)</source>
      <translation>PNG (*.png)</translation>
    </message>
    <message>
      <source>PROMPTS ({}) has no point and no box in the layer's CRS ({}): give a layer that has</source>
      <translation>PROMPTS ({}) hat keinen Punkt und keinen Rahmen im KBS des Layers ({}): einen Layer angeben, der einen hat</translation>
    </message>
    <message>
      <source>PROMPTS and {} are given: leave one of them empty</source>
      <translation>PROMPTS und {} sind angegeben: eines davon leer lassen</translation>
    </message>
    <message>
      <source>PROMPTS has no prompt that the model could be asked</source>
      <translation>PROMPTS hat keine Vorgabe, mit der das Modell gefragt werden könnte</translation>
    </message>
    <message>
      <source>Package index of PyTorch (URL)</source>
      <translation>Paketverzeichnis von PyTorch (URL)</translation>
    </message>
    <message>
      <source>Patches</source>
      <translation>Ausschnitte</translation>
    </message>
    <message>
      <source>Patches an object, at most</source>
      <translation>Ausschnitte je Objekt, höchstens</translation>
    </message>
    <message>
      <source>Patches encoded: {}; from the cache: {}</source>
      <translation>Kodierte Ausschnitte: {}; aus dem Zwischenspeicher: {}</translation>
    </message>
    <message>
      <source>Percentile cut (percent at each end)</source>
      <translation>Perzentilschnitt (Prozent an jedem Ende)</translation>
    </message>
    <message>
      <source>Picture of the raster with its patches</source>
      <translation>Bild des Rasters mit seinen Ausschnitten</translation>
    </message>
    <message>
      <source>Point on one object</source>
      <translation>Punkt auf einem Objekt</translation>
    </message>
    <message>
      <source>Points or boxes that you will segment. The rectangle around all of them is encoded, and its surroundings. Give this or an extent.</source>
      <translation>Punkte oder Rahmen, die segmentiert werden sollen. Das Rechteck um alle wird kodiert, mit seiner Umgebung. Diese oder eine Ausdehnung angeben.</translation>
    </message>
    <message>
      <source>Polygons</source>
      <translation>Polygone</translation>
    </message>
    <message>
      <source>Polygons after</source>
      <translation>Polygone nachher</translation>
    </message>
    <message>
      <source>Polygons before</source>
      <translation>Polygone vorher</translation>
    </message>
    <message>
      <source>Precision of the computation</source>
      <translation>Rechengenauigkeit</translation>
    </message>
    <message>
      <source>Precision of the features</source>
      <translation>Genauigkeit der Merkmale</translation>
    </message>
    <message>
      <source>Preview patches</source>
      <translation>Vorschau der Ausschnitte</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>Prozessor</translation>
    </message>
    <message>
      <source>Program uv</source>
      <translation>Programm uv</translation>
    </message>
    <message>
      <source>Prompt</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <source>Prompts</source>
      <translation>Vorgaben</translation>
    </message>
    <message>
      <source>Prompts outside of it are left out.</source>
      <translation>Vorgaben außerhalb bleiben weg.</translation>
    </message>
    <message>
      <source>Prompts whose mask has a lower score, as the model estimates it, stay unanswered.</source>
      <translation>Vorgaben, deren Maske das Modell geringer bewertet, bleiben unbeantwortet.</translation>
    </message>
    <message>
      <source>Prompts whose polygon is smaller stay unanswered.</source>
      <translation>Vorgaben, deren Polygon kleiner ist, bleiben unbeantwortet.</translation>
    </message>
    <message>
      <source>Prompts whose surroundings to encode</source>
      <translation>Vorgaben, deren Umgebung kodiert wird</translation>
    </message>
    <message>
      <source>Prompts with the same value are one object. None: each feature is one.</source>
      <translation>Vorgaben mit demselben Wert sind ein Objekt. Keines: jedes Objekt des Layers ist eines.</translation>
    </message>
    <message>
      <source>Prompts without a polygon.</source>
      <translation>Vorgaben ohne Polygon.</translation>
    </message>
    <message>
      <source>Prompts without a polygon: {} ({})</source>
      <translation>Vorgaben ohne Polygon: {} ({})</translation>
    </message>
    <message>
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <source>Python 3.11 to 3.14 with its venv module. None: QGIS's own or another one on this computer that fits; where none does, one is fetched with uv.</source>
      <translation>Python 3.11 bis 3.14 mit dem Modul venv. Keines: das von QGIS oder ein anderes auf diesem Rechner, das passt; wo keines passt, wird eines mit uv geholt.</translation>
    </message>
    <message>
      <source>Python of the engine</source>
      <translation>Python der Engine</translation>
    </message>
    <message>
      <source>Python of the engine's environment</source>
      <translation>Python der Umgebung der Engine</translation>
    </message>
    <message>
      <source>Python to make it with</source>
      <translation>Python zum Anlegen</translation>
    </message>
    <message>
      <source>QGIS</source>
      <translation>QGIS</translation>
    </message>
    <message>
      <source>QGIS does not know the CRS of the features ({}): encode in another CRS</source>
      <translation>QGIS kennt das KBS der Merkmale nicht ({}): in einem anderen KBS kodieren</translation>
    </message>
    <message>
      <source>QGIS's authentication configuration for a mirror that wants a login.</source>
      <translation>Die Authentifizierungskonfiguration von QGIS für einen Spiegelserver, der eine Anmeldung verlangt.</translation>
    </message>
    <message>
      <source>RESOLUTION ({}) and ZOOM ({}) are given: leave one empty</source>
      <translation>RESOLUTION ({}) und ZOOM ({}) sind angegeben: eines leer lassen</translation>
    </message>
    <message>
      <source>Raster</source>
      <translation>Raster</translation>
    </message>
    <message>
      <source>Raster after</source>
      <translation>Raster nachher</translation>
    </message>
    <message>
      <source>Raster before</source>
      <translation>Raster vorher</translation>
    </message>
    <message>
      <source>Raster layer</source>
      <translation>Rasterlayer</translation>
    </message>
    <message>
      <source>Raster or tile layer</source>
      <translation>Raster- oder Kachellayer</translation>
    </message>
    <message>
      <source>Raster that was seen</source>
      <translation>Gesehenes Raster</translation>
    </message>
    <message>
      <source>Recommended resolution (metres)</source>
      <translation>Empfohlene Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Recommended stride (pixels)</source>
      <translation>Empfohlene Schrittweite (Pixel)</translation>
    </message>
    <message>
      <source>Remove engine</source>
      <translation>Engine entfernen</translation>
    </message>
    <message>
      <source>Removed {} files, {:.1f} MB, from {}</source>
      <translation>{} Dateien, {:.1f} MB, aus {} entfernt</translation>
    </message>
    <message>
      <source>Removes the engine that Install engine made, and frees its gigabytes. Nothing else is touched: models and features stay, and so does any file of yours in that folder.</source>
      <translation>Entfernt die Engine, die „Engine installieren“ angelegt hat, und gibt ihre Gigabytes frei. Sonst wird nichts angerührt: Modelle und Merkmale bleiben, und ebenso jede eigene Datei in diesem Ordner.</translation>
    </message>
    <message>
      <source>Removes the features that Segment live keeps. They are encoded anew when they are needed. Nothing else in the folder is touched.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation>Entfernt die Merkmale, die „Live segmentieren“ aufhebt. Sie werden neu kodiert, wenn sie gebraucht werden. Sonst wird in dem Ordner nichts angerührt.

Ordner und Größe des Zwischenspeichers stehen in den Verarbeitungs-Optionen von GeoSAM.</translation>
    </message>
    <message>
      <source>Removing the engine in {} ...</source>
      <translation>Die Engine in {} wird entfernt ...</translation>
    </message>
    <message>
      <source>Replace a wrong file</source>
      <translation>Eine falsche Datei ersetzen</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <source>Report live cache</source>
      <translation>Live-Zwischenspeicher anzeigen</translation>
    </message>
    <message>
      <source>Resolution (metres)</source>
      <translation>Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Resolution scale</source>
      <translation>Faktor der Auflösung</translation>
    </message>
    <message>
      <source>Resolutions to compare (metres)</source>
      <translation>Zu vergleichende Auflösungen (Meter)</translation>
    </message>
    <message>
      <source>Retries</source>
      <translation>Wiederholungen</translation>
    </message>
    <message>
      <source>Runs the image encoder of a Segment Anything model over a raster, patch by patch, and keeps the features in a folder. This is the slow part, and is done once: with the folder, Segment from prompts turns any number of points and boxes into polygons quickly.

Stopped or failed, a run with the same settings continues where it was. The folder can be moved, and Geo-SAM can open it.</source>
      <translation>Lässt den Bildkodierer eines Segment-Anything-Modells über ein Raster laufen, Ausschnitt für Ausschnitt, und legt die Merkmale in einem Ordner ab. Das ist der langsame Teil und geschieht einmal: mit dem Ordner macht „Nach Vorgaben segmentieren“ rasch aus beliebig vielen Punkten und Rahmen Polygone.

Abgebrochen oder gescheitert, macht ein Lauf mit denselben Einstellungen dort weiter, wo er war. Der Ordner lässt sich verschieben, und Geo-SAM kann ihn öffnen.</translation>
    </message>
    <message>
      <source>SETTINGS ({}) cannot be read ({}): give a JSON file that exists</source>
      <translation>SETTINGS ({}) lässt sich nicht lesen ({}): eine JSON-Datei angeben, die es gibt</translation>
    </message>
    <message>
      <source>SETTINGS ({}) has no "inputs": give a file that Preview patches, Copy as JSON or Geo-SAM's Encoder Copilot wrote</source>
      <translation>SETTINGS ({}) hat kein "inputs": eine Datei angeben, die „Vorschau der Ausschnitte“, „Als JSON kopieren“ oder der Encoder Copilot von Geo-SAM geschrieben hat</translation>
    </message>
    <message>
      <source>SETTINGS ({}) is not JSON ({}): give a file of settings</source>
      <translation>SETTINGS ({}) ist kein JSON ({}): eine Einstellungsdatei angeben</translation>
    </message>
    <message>
      <source>SETTINGS_FILE cannot keep the CRS that the layer was given in QGIS ({}): assign it to the file with gdal:assignprojection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>SHA-256</source>
      <translation>SHA-256</translation>
    </message>
    <message>
      <source>Seconds per patch</source>
      <translation>Sekunden je Ausschnitt</translation>
    </message>
    <message>
      <source>Seconds per patch of geosam_nano</source>
      <translation>Sekunden je Ausschnitt mit geosam_nano</translation>
    </message>
    <message>
      <source>Seconds to encode a patch of the bundled model</source>
      <translation>Sekunden für einen Ausschnitt mit dem mitgelieferten Modell</translation>
    </message>
    <message>
      <source>Segment a raster and clean up</source>
      <translation>Raster segmentieren und aufräumen</translation>
    </message>
    <message>
      <source>Segment an online map</source>
      <translation>Online-Karte segmentieren</translation>
    </message>
    <message>
      <source>Segment from prompts</source>
      <translation>Nach Vorgaben segmentieren</translation>
    </message>
    <message>
      <source>Segment live</source>
      <translation>Live segmentieren</translation>
    </message>
    <message>
      <source>Segmentation</source>
      <translation>Segmentierung</translation>
    </message>
    <message>
      <source>Segments</source>
      <translation>Segmente</translation>
    </message>
    <message>
      <source>Segments the prompts of an area straight on a tile layer or another raster layer, merges polygons that overlap or touch, and tells the number and areas of the objects. Only the patches around the prompts are fetched and encoded; they stay in the live cache for the next run.</source>
      <translation>Segmentiert die Vorgaben eines Gebiets unmittelbar auf einem Kachellayer oder einem anderen Rasterlayer, vereinigt Polygone, die sich überlappen oder berühren, und gibt Zahl und Flächen der Objekte an. Nur die Ausschnitte um die Vorgaben werden abgerufen und kodiert; sie bleiben für den nächsten Lauf im Live-Zwischenspeicher.</translation>
    </message>
    <message>
      <source>Segments the same prompts in two rasters of one place, and tells for each object its area before and after, the change in square metres and in percent. An object that has no polygon on one of the dates has an area of 0 then; one that has none on both is left out.</source>
      <translation>Segmentiert dieselben Vorgaben in zwei Rastern eines Ortes und gibt für jedes Objekt seine Fläche vorher und nachher an, die Änderung in Quadratmetern und in Prozent. Ein Objekt ohne Polygon zu einem der Zeitpunkte hat dann die Fläche 0; eines, das zu beiden keines hat, bleibt weg.</translation>
    </message>
    <message>
      <source>Separated by commas, such as 0.5,1,2. None: that which is set above.</source>
      <translation>Durch Komma getrennt, etwa 0.5,1,2. Keine: die, die oben eingestellt ist.</translation>
    </message>
    <message>
      <source>Separated by commas, such as 1024,512,256. None: that which is set above.</source>
      <translation>Durch Komma getrennt, etwa 1024,512,256. Keine: die, die oben eingestellt ist.</translation>
    </message>
    <message>
      <source>Settings (*.json)</source>
      <translation>Einstellungen (*.json)</translation>
    </message>
    <message>
      <source>Settings (*.json);;All files (*)</source>
      <translation>Einstellungen (*.json);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Settings file</source>
      <translation>Einstellungsdatei</translation>
    </message>
    <message>
      <source>Settings in effect</source>
      <translation>Geltende Einstellungen</translation>
    </message>
    <message>
      <source>Settings of the encoding</source>
      <translation>Einstellungen der Kodierung</translation>
    </message>
    <message>
      <source>Share of pixels without data (0 to 1)</source>
      <translation>Anteil der Pixel ohne Daten (0 bis 1)</translation>
    </message>
    <message>
      <source>Share of the objects to be whole in a patch (percent)</source>
      <translation>Anteil der Objekte, die ganz in einem Ausschnitt liegen sollen (Prozent)</translation>
    </message>
    <message>
      <source>Shows what Encode raster would do with the same parameters, in seconds: the patches as polygons, how many they are, the disk space, memory and time they take, the range of values, and a picture of the raster as the model will see it.

With a layer of example objects it says how they lie in the patches, and recommends the finest resolution and the largest stride at which enough of them lie whole in a patch. Several resolutions and strides can be compared in a table. The settings can be saved as a file that Encode raster takes.</source>
      <translation>Zeigt in Sekunden, was „Raster kodieren“ mit denselben Parametern täte: die Ausschnitte als Polygone, wie viele es sind, wie viel Plattenplatz, Speicher und Zeit sie brauchen, den Wertebereich und ein Bild des Rasters, wie das Modell es sehen wird.

Mit einem Layer von Beispielobjekten sagt es, wie diese in den Ausschnitten liegen, und empfiehlt die feinste Auflösung und die größte Schrittweite, bei denen genug von ihnen ganz in einem Ausschnitt liegen. Mehrere Auflösungen und Schrittweiten lassen sich in einer Tabelle vergleichen. Die Einstellungen können als Datei gespeichert werden, die „Raster kodieren“ annimmt.</translation>
    </message>
    <message>
      <source>Simplify by (pixels)</source>
      <translation>Vereinfachen um (Pixel)</translation>
    </message>
    <message>
      <source>Size (bytes)</source>
      <translation>Größe (Bytes)</translation>
    </message>
    <message>
      <source>Size of a pixel at which the layer is looked at. None: as fine as it is.</source>
      <translation>Pixelgröße, mit der der Layer angesehen wird. Keine: so fein, wie er ist.</translation>
    </message>
    <message>
      <source>Size of the cache (megabytes)</source>
      <translation>Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Size of the live cache (megabytes)</source>
      <translation>Größe des Live-Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Size of the pixels that the model sees first: on the ground, of web maps and online layers in degrees to 2 percent. None: the layer's own; of a tile layer that of its finest zoom level.</source>
      <translation>Größe der Pixel, die das Modell zuerst sieht: am Boden, bei Webkarten und Onlinelayern in Grad auf 2 Prozent genau. Keine: die des Layers; bei einem Kachellayer die seiner feinsten Zoomstufe.</translation>
    </message>
    <message>
      <source>Skipped: without data</source>
      <translation>Übersprungen: ohne Daten</translation>
    </message>
    <message>
      <source>Smaller holes are filled. 0: none.</source>
      <translation>Kleinere Löcher werden gefüllt. 0: keine.</translation>
    </message>
    <message>
      <source>So far from the edge of its patch an object has to be, because masks are worse at the edge.</source>
      <translation>So weit muss ein Objekt vom Rand seines Ausschnitts entfernt sein, weil Masken am Rand schlechter sind.</translation>
    </message>
    <message>
      <source>Stride (pixels)</source>
      <translation>Schrittweite (Pixel)</translation>
    </message>
    <message>
      <source>Strides to compare (pixels)</source>
      <translation>Zu vergleichende Schrittweiten (Pixel)</translation>
    </message>
    <message>
      <source>Surroundings of the prompts (pixels)</source>
      <translation>Umgebung der Vorgaben (Pixel)</translation>
    </message>
    <message>
      <source>System</source>
      <translation>System</translation>
    </message>
    <message>
      <source>Take the model from this file instead of the network. It is checked in the same way, and copied.</source>
      <translation>Das Modell aus dieser Datei nehmen statt aus dem Netz. Sie wird ebenso geprüft und kopiert.</translation>
    </message>
    <message>
      <source>Target CRS</source>
      <translation>Ziel-KBS</translation>
    </message>
    <message>
      <source>Target resolution (metres)</source>
      <translation>Zielauflösung (Meter)</translation>
    </message>
    <message>
      <source>Tells the objects apart; prompts with the same value are one object.</source>
      <translation>Unterscheidet die Objekte; Vorgaben mit demselben Wert sind ein Objekt.</translation>
    </message>
    <message>
      <source>Tells the versions of all that takes part, the device that models run on and why it is no GPU, which checkpoints are there and whole, how fast patches are encoded, and the settings in effect. Also without an engine, or with a broken one: then it says what is wrong.

The page is made to be attached to a bug report: your name and home folder are left out, and so are passwords and tokens.</source>
      <translation>Nennt die Versionen von allem, was mitwirkt, das Gerät, auf dem Modelle laufen, und warum es keine GPU ist, welche Checkpoints da und unbeschädigt sind, wie schnell Ausschnitte kodiert werden und die geltenden Einstellungen. Auch ohne Engine oder mit einer, die nicht läuft: dann steht da, was nicht stimmt.

Die Seite ist dazu gedacht, einem Fehlerbericht beigelegt zu werden: Benutzername und Heimordner sind ausgelassen, und ebenso Passwörter und Token.</translation>
    </message>
    <message>
      <source>Tells where the features are that Segment live keeps, how many and how large they are, and how large they may become; then those that were not used for longest are removed.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation>Sagt, wo die Merkmale liegen, die „Live segmentieren“ aufhebt, wie viele und wie groß sie sind und wie groß sie werden dürfen; dann werden die entfernt, die am längsten nicht benutzt wurden.

Ordner und Größe des Zwischenspeichers stehen in den Verarbeitungs-Optionen von GeoSAM.</translation>
    </message>
    <message>
      <source>The Processing option {} now leads to this engine</source>
      <translation>Die Verarbeitungs-Option {} führt jetzt zu dieser Engine</translation>
    </message>
    <message>
      <source>The bands of the layer {} are of several or unusual types: save it as a GeoTIFF first</source>
      <translation>Die Kanäle des Layers {} haben verschiedene oder ungewöhnliche Typen: erst als GeoTIFF speichern</translation>
    </message>
    <message>
      <source>The bounding box has no area: a box needs a width and a height</source>
      <translation>Das umgebende Rechteck hat keine Fläche: ein Rahmen braucht Breite und Höhe</translation>
    </message>
    <message>
      <source>The earlier image.</source>
      <translation>Das frühere Bild.</translation>
    </message>
    <message>
      <source>The engine in {} was removed</source>
      <translation>Die Engine in {} wurde entfernt</translation>
    </message>
    <message>
      <source>The environment variable {} ({}) goes before this engine: unset it, or set it to {}</source>
      <translation>Die Umgebungsvariable {} ({}) geht dieser Engine vor: sie löschen oder auf {} setzen</translation>
    </message>
    <message>
      <source>The example objects, and how they lie in the patches before the recommendation.</source>
      <translation>Die Beispielobjekte, und wie sie vor der Empfehlung in den Ausschnitten liegen.</translation>
    </message>
    <message>
      <source>The example objects, each with its best patch, how many patches contain it whole, its longer side in widths of a patch, and whether it is whole in a patch with the margin.</source>
      <translation>Die Beispielobjekte, jedes mit seinem besten Ausschnitt, wie viele Ausschnitte es ganz enthalten, seine längere Seite in Breiten eines Ausschnitts, und ob es mit dem Rand ganz in einem Ausschnitt liegt.</translation>
    </message>
    <message>
      <source>The extent ({}) has no area within the layer's ({}): give one that does</source>
      <translation>Die Ausdehnung ({}) überlappt die des Layers nicht ({}): eine angeben, die es tut</translation>
    </message>
    <message>
      <source>The extent is empty or smaller than a pixel ({}): give a larger one</source>
      <translation>Die Ausdehnung ist leer oder kleiner als ein Pixel ({}): eine größere angeben</translation>
    </message>
    <message>
      <source>The extent needs {} tiles of the layer {}, more than MAX_TILES ({}): take a smaller one, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's terms of use allow that</source>
      <translation>Die Ausdehnung braucht {} Kacheln des Layers {}, mehr als MAX_TILES ({}): eine kleinere nehmen, gröbere RESOLUTION oder ZOOM, oder MAX_TILES erhöhen, wenn die Nutzungsbedingungen des Servers so viele erlauben</translation>
    </message>
    <message>
      <source>The feature folder, for further prompts.</source>
      <translation>Der Ordner mit den Merkmalen, für weitere Vorgaben.</translation>
    </message>
    <message>
      <source>The feature folder.</source>
      <translation>Der Ordner mit den Merkmalen.</translation>
    </message>
    <message>
      <source>The file with the model's weights; which model it holds is recognised, unless MODEL names another than the default. None: it is looked for where models are kept.</source>
      <translation>Die Datei mit den Gewichten des Modells; welches sie enthält, wird erkannt, wenn MODEL nicht ein anderes als das vorgegebene nennt. Keine: sie wird gesucht, wo Modelle liegen.</translation>
    </message>
    <message>
      <source>The folder for the features. One that an earlier run with the same settings began is completed; one with other settings is an error that says what differs.</source>
      <translation>Der Ordner für die Merkmale. Einer, den ein früherer Lauf mit denselben Einstellungen begonnen hat, wird vervollständigt; einer mit anderen ist ein Fehler, der sagt, worin sie sich unterscheiden.</translation>
    </message>
    <message>
      <source>The folder that Encode raster or Geo-SAM made: the one that holds manifest.parquet.</source>
      <translation>Der Ordner, den „Raster kodieren“ oder Geo-SAM angelegt hat: der mit manifest.parquet.</translation>
    </message>
    <message>
      <source>The folder that the engine was installed in. None: geosam/engine in the folder of the QGIS profile.</source>
      <translation>Der Ordner, in dem die Engine installiert wurde. Keiner: geosam/engine im Ordner des QGIS-Profils.</translation>
    </message>
    <message>
      <source>The folder {} does not exist: make it first</source>
      <translation>Den Ordner {} gibt es nicht: erst anlegen</translation>
    </message>
    <message>
      <source>The image that the objects are seen in.</source>
      <translation>Das Bild, in dem die Objekte zu sehen sind.</translation>
    </message>
    <message>
      <source>The image to encode.</source>
      <translation>Das Bild, das kodiert wird.</translation>
    </message>
    <message>
      <source>The later image.</source>
      <translation>Das spätere Bild.</translation>
    </message>
    <message>
      <source>The layer has no resolution of its own: give RESOLUTION (metres)</source>
      <translation>Der Layer hat keine eigene Auflösung: RESOLUTION angeben (Meter)</translation>
    </message>
    <message>
      <source>The layer {} cannot be opened: check its address and its login</source>
      <translation>Der Layer {} lässt sich nicht öffnen: ihn prüfen</translation>
    </message>
    <message>
      <source>The layer {} gave no values ({}): check that it can be shown</source>
      <translation>Der Layer {} lieferte keine Werte ({}): prüfen, ob er sich anzeigen lässt</translation>
    </message>
    <message>
      <source>The layer {} has no CRS: set it in the layer's properties</source>
      <translation>Der Layer {} hat kein KBS: es in den Layereigenschaften setzen</translation>
    </message>
    <message>
      <source>The layer {} has no zoom levels: give RESOLUTION instead of ZOOM</source>
      <translation>Der Layer {} hat keine Zoomstufen: RESOLUTION statt ZOOM angeben</translation>
    </message>
    <message>
      <source>The object has background points only: add a foreground point or a box</source>
      <translation>Das Objekt hat nur Hintergrundpunkte: einen Vordergrundpunkt oder einen Rahmen hinzufügen</translation>
    </message>
    <message>
      <source>The objects as they are after.</source>
      <translation>Die Objekte, wie sie nachher sind.</translation>
    </message>
    <message>
      <source>The objects as they are before.</source>
      <translation>Die Objekte, wie sie vorher sind.</translation>
    </message>
    <message>
      <source>The objects without overlaps, with their area in square metres, object_m2.</source>
      <translation>Die Objekte ohne Überlappungen, mit ihrer Fläche in Quadratmetern, object_m2.</translation>
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area as segmented.</source>
      <translation>Die Objekte mit den Attributen ihrer Vorgaben, Güte und Fläche, wie sie segmentiert wurden.</translation>
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area.</source>
      <translation>Die Objekte mit den Attributen ihrer Vorgaben, Güte und Fläche.</translation>
    </message>
    <message>
      <source>The output folder of Encode raster. Patches that are in it already are marked, and cost no time.</source>
      <translation>Der Ausgabeordner von „Raster kodieren“. Ausschnitte, die schon darin sind, werden gekennzeichnet und kosten keine Zeit.</translation>
    </message>
    <message>
      <source>The part to encode. Give this or prompts.</source>
      <translation>Der Teil, der kodiert wird. Diesen oder Vorgaben angeben.</translation>
    </message>
    <message>
      <source>The patches as encoded.</source>
      <translation>Die Ausschnitte, wie sie kodiert sind.</translation>
    </message>
    <message>
      <source>The polygons.</source>
      <translation>Die Polygone.</translation>
    </message>
    <message>
      <source>The prompt cannot be transformed from {} to the CRS of the features, {}</source>
      <translation>Die Vorgabe lässt sich nicht von {} in das KBS der Merkmale, {}, umrechnen</translation>
    </message>
    <message>
      <source>The prompt has no geometry: draw it, or delete the row</source>
      <translation>Die Vorgabe hat keine Geometrie: sie zeichnen oder die Zeile löschen</translation>
    </message>
    <message>
      <source>The prompts need at least {} tiles, more than MAX_TILES ({}): take fewer prompts, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's terms of use allow that</source>
      <translation>Die Prompts brauchen mindestens {} Kacheln, mehr als MAX_TILES ({}): weniger Prompts nehmen, eine gröbere RESOLUTION oder ZOOM, oder MAX_TILES erhöhen, wenn die Nutzungsbedingungen des Servers das erlauben</translation>
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside every patch, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its centre where the prompts are points.</source>
      <translation>Die Vorgaben ohne Polygon, mit dem Grund: außerhalb aller Ausschnitte, leere Geometrie, zu geringe Güte und so weiter. Ein Rahmen des zweiten Layers steht mit seinem Mittelpunkt da, wo die Vorgaben Punkte sind.</translation>
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside the raster, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its centre where the prompts are points.</source>
      <translation>Die Vorgaben ohne Polygon, mit dem Grund: außerhalb des Rasters, leere Geometrie, zu geringe Güte und so weiter. Ein Rahmen des zweiten Layers steht mit seinem Mittelpunkt da, wo die Vorgaben Punkte sind.</translation>
    </message>
    <message>
      <source>The raster as the model will see it, after the choice of bands, range and resolution, with the patches over it and the objects in white.</source>
      <translation>Das Raster, wie das Modell es sehen wird, nach der Wahl von Kanälen, Wertebereich und Auflösung, darüber die Ausschnitte, und in Weiß die Objekte.</translation>
    </message>
    <message>
      <source>The raster is warped into this CRS before it is encoded. None: its own.</source>
      <translation>Das Raster wird vor dem Kodieren in dieses KBS umprojiziert. Keines: sein eigenes.</translation>
    </message>
    <message>
      <source>The raster is warped to pixels of this size, on the ground also where the CRS is that of web maps. A raster in degrees is put into its UTM zone, unless a target CRS is given. None: its own resolution.</source>
      <translation>Das Raster wird auf Pixel dieser Größe umgerechnet, am Boden auch dort, wo das KBS das von Webkarten ist. Ein Raster in Grad kommt in seine UTM-Zone, wenn kein Ziel-KBS angegeben ist. Keine: seine eigene Auflösung.</translation>
    </message>
    <message>
      <source>The recommendation may leave out the rest, such as a few that are very large.</source>
      <translation>Die Empfehlung darf den Rest auslassen, etwa einige sehr große.</translation>
    </message>
    <message>
      <source>The report as a page, to read in a browser and to attach to a bug report.</source>
      <translation>Der Bericht als Seite, zum Lesen im Browser und als Beilage zu einem Fehlerbericht.</translation>
    </message>
    <message>
      <source>The rest, such as a few that are very large, may be cut.</source>
      <translation>Der Rest, etwa einige sehr große, darf angeschnitten sein.</translation>
    </message>
    <message>
      <source>The run was cancelled while tiles were fetched</source>
      <translation>Der Lauf wurde abgebrochen, während Kacheln abgerufen wurden</translation>
    </message>
    <message>
      <source>The settings {} cannot be written ({}): choose another file for SETTINGS_FILE</source>
      <translation>Die Einstellungen {} lassen sich nicht schreiben ({}): eine andere Datei als SETTINGS_FILE wählen</translation>
    </message>
    <message>
      <source>The size of a pixel on the ground. Tiles of the next finer level are shrunk to it. Give this or a zoom level; for layers with pixels of their own, such as WCS, neither means these.</source>
      <translation>Die Größe eines Pixels am Boden. Kacheln der nächstfeineren Stufe werden darauf verkleinert. Diese oder eine Zoomstufe angeben; bei Layern mit eigenen Pixeln, wie WCS, steht keines von beiden für diese.</translation>
    </message>
    <message>
      <source>The tiles were fetched by an earlier run ({}); another OUTPUT fetches anew</source>
      <translation>Die Kacheln hat ein früherer Lauf abgerufen ({}); ein anderer OUTPUT ruft sie neu ab</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: 0 to 255 for images, else from the values in the extent, nodata left out.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Keine: 0 bis 255 bei Bildern, sonst aus den Werten in der Ausdehnung, Pixel ohne Daten ausgenommen.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: 0,255 for bytes and tiles, else the smallest and largest value of the raster.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Keine: 0,255 bei Bytes und Kacheln, sonst der kleinste und der größte Wert des Rasters.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: from the values in the extent, nodata left out.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Keine: aus den Werten in der Ausdehnung, Pixel ohne Daten ausgenommen.</translation>
    </message>
    <message>
      <source>The zoom level of a tile layer, instead of a resolution.</source>
      <translation>Die Zoomstufe eines Kachellayers, statt einer Auflösung.</translation>
    </message>
    <message>
      <source>There is no INPUT: give a raster layer, or SETTINGS with a file that names one</source>
      <translation>INPUT fehlt: einen Rasterlayer angeben, oder SETTINGS mit einer Datei, die einen nennt</translation>
    </message>
    <message>
      <source>There is no file {}: give FILE a checkpoint, or nothing to download it</source>
      <translation>Die Datei {} gibt es nicht: als FILE einen Checkpoint angeben, oder nichts, um ihn herunterzuladen</translation>
    </message>
    <message>
      <source>There is no prompt that the model could be asked</source>
      <translation>Es gibt keine Vorgabe, mit der das Modell gefragt werden könnte</translation>
    </message>
    <message>
      <source>There is no prompt: give PROMPTS (a layer), POINT or EXTENT (a box)</source>
      <translation>Es gibt keine Vorgabe: PROMPTS (einen Layer), POINT oder EXTENT (einen Rahmen) angeben</translation>
    </message>
    <message>
      <source>Tile layer</source>
      <translation>Kachellayer</translation>
    </message>
    <message>
      <source>Tiles are missing in patch {} of {}: {}</source>
      <translation>Im Ausschnitt {} von {} fehlen Kacheln: {}</translation>
    </message>
    <message>
      <source>Tiles of this level are taken as they are, which is sharpest. Give this or a resolution.</source>
      <translation>Kacheln dieser Stufe werden genommen, wie sie sind; das ist am schärfsten. Diese oder eine Auflösung angeben.</translation>
    </message>
    <message>
      <source>Time that encoding takes (seconds)</source>
      <translation>Dauer der Kodierung (Sekunden)</translation>
    </message>
    <message>
      <source>To be encoded</source>
      <translation>Zu kodieren</translation>
    </message>
    <message>
      <source>To install without a network: a folder with all packages, filled by pip download on a computer of the same kind. None: they are downloaded.</source>
      <translation>Zum Installieren ohne Netz: ein Ordner mit allen Paketen, den pip download auf einem gleichartigen Rechner gefüllt hat. Keiner: sie werden heruntergeladen.</translation>
    </message>
    <message>
      <source>Turns points and boxes into polygons, straight on a raster or an online tile layer, without encoding it first: only the patches around the prompts are read and encoded, and kept in a cache, so that the next prompts nearby are answered at once. Give a layer of prompts; or, for one object, a point on it, or a box around it.

An object that reaches the edge of its patch is done again on a patch around it, then on coarser ones, until it is whole. The polygons are in the CRS of the raster layer and carry the attributes of their prompt (of several: the first), then the model's score, the stability, the area, the numbers of points, the patch, the model, whether the polygon touches the edge of its patch, and the resolution that it was found at. A prompt without a polygon is listed with the reason.</source>
      <translation>Macht aus Punkten und Rahmen Polygone, unmittelbar auf einem Raster oder einem Online-Kachellayer, ohne es vorher zu kodieren: nur die Ausschnitte um die Vorgaben werden gelesen und kodiert und in einem Zwischenspeicher aufgehoben, sodass die nächsten Vorgaben in der Nähe sofort beantwortet werden. Einen Layer von Vorgaben angeben; oder, für ein einzelnes Objekt, einen Punkt darauf oder einen Rahmen darum.

Ein Objekt, das den Rand seines Ausschnitts berührt, wird auf einem Ausschnitt um das Objekt noch einmal gesucht, dann auf gröberen, bis es ganz ist. Die Polygone haben das KBS des Rasterlayers und tragen die Attribute ihrer Vorgabe (von mehreren: der ersten), dann die Güte nach dem Modell, die Stabilität, die Fläche, die Zahlen der Punkte, den Ausschnitt, das Modell, ob das Polygon den Rand seines Ausschnitts berührt, und die Auflösung, mit der es gefunden wurde. Eine Vorgabe ohne Polygon wird mit dem Grund aufgeführt.</translation>
    </message>
    <message>
      <source>Turns points and boxes into polygons, with the features that Encode raster made. Each prompt is one object: a point, several points that share an object id, a box, or points with a box.

The polygons are in the CRS of the features and carry the attributes of their prompt (of several: the first), then the model's score, the stability, the area, the numbers of points, the patch, the model, and whether the polygon touches the edge of its patch. A prompt without a polygon is listed with the reason.</source>
      <translation>Macht aus Punkten und Rahmen Polygone, mit den Merkmalen, die „Raster kodieren“ angelegt hat. Jede Vorgabe ist ein Objekt: ein Punkt, mehrere Punkte mit derselben Objektnummer, ein Rahmen, oder Punkte mit einem Rahmen.

Die Polygone haben das KBS der Merkmale und tragen die Attribute ihrer Vorgabe (von mehreren: der ersten), dann die Güte nach dem Modell, die Stabilität, die Fläche, die Zahlen der Punkte, den Ausschnitt, das Modell, und ob das Polygon den Rand seines Ausschnitts berührt. Eine Vorgabe ohne Polygon wird mit dem Grund aufgeführt.</translation>
    </message>
    <message>
      <source>Unanswered prompts</source>
      <translation>Unbeantwortete Vorgaben</translation>
    </message>
    <message>
      <source>Use the GPU if there is one</source>
      <translation>GPU benutzen, wenn es eine gibt</translation>
    </message>
    <message>
      <source>Value range (minimum, maximum)</source>
      <translation>Wertebereich (Minimum, Maximum)</translation>
    </message>
    <message>
      <source>Value range (minimum,maximum)</source>
      <translation>Wertebereich (Minimum,Maximum)</translation>
    </message>
    <message>
      <source>Version of GeoSAM</source>
      <translation>Version von GeoSAM</translation>
    </message>
    <message>
      <source>Version of PyTorch</source>
      <translation>Version von PyTorch</translation>
    </message>
    <message>
      <source>Version of Python</source>
      <translation>Version von Python</translation>
    </message>
    <message>
      <source>Version of QGIS</source>
      <translation>Version von QGIS</translation>
    </message>
    <message>
      <source>Version of the engine's GDAL</source>
      <translation>Version von GDAL in der Engine</translation>
    </message>
    <message>
      <source>Version of the engine's Python</source>
      <translation>Version von Python in der Engine</translation>
    </message>
    <message>
      <source>What becomes of missing tiles</source>
      <translation>Was aus fehlenden Kacheln wird</translation>
    </message>
    <message>
      <source>What is wrong; empty if all is well</source>
      <translation>Was nicht stimmt; leer, wenn alles gut ist</translation>
    </message>
    <message>
      <source>What named the engine before is gone</source>
      <translation>Was vorher die Engine nannte, gilt nicht mehr</translation>
    </message>
    <message>
      <source>Where the chosen build is found, such as a mirror, or https://download.pytorch.org/whl/cu126 for an older driver. None: PyTorch's own. All else comes from the index that pip is configured for (PIP_INDEX_URL).</source>
      <translation>Wo die gewählte Variante zu finden ist, etwa ein Spiegelserver, oder https://download.pytorch.org/whl/cu126 für einen älteren Treiber. Keines: das von PyTorch. Alles andere kommt aus dem Verzeichnis, auf das pip eingestellt ist (PIP_INDEX_URL).</translation>
    </message>
    <message>
      <source>Where to look. None: the folder of GeoSAM's settings.</source>
      <translation>Wo gesucht wird. Keiner: der Ordner aus den Einstellungen von GeoSAM.</translation>
    </message>
    <message>
      <source>Where to put the file. None: the folder of GeoSAM's settings, where the other algorithms look for models.</source>
      <translation>Wohin die Datei kommt. Keiner: der Ordner aus den Einstellungen von GeoSAM, in dem die anderen Algorithmen Modelle suchen.</translation>
    </message>
    <message>
      <source>Whether it was made anew (true or false)</source>
      <translation>Ob sie neu angelegt wurde (true oder false)</translation>
    </message>
    <message>
      <source>Which NVIDIA GPU to use, where there are several; they count from 0.</source>
      <translation>Welche NVIDIA-GPU benutzt wird, wo es mehrere gibt; gezählt wird von 0.</translation>
    </message>
    <message>
      <source>Why no GPU is used</source>
      <translation>Warum keine GPU benutzt wird</translation>
    </message>
    <message>
      <source>Why no GPU is used; empty if one is</source>
      <translation>Warum keine GPU benutzt wird; leer, wenn eine benutzt wird</translation>
    </message>
    <message>
      <source>Width of a patch (map units)</source>
      <translation>Breite eines Ausschnitts (Karteneinheiten)</translation>
    </message>
    <message>
      <source>Workflows</source>
      <translation>Abläufe</translation>
    </message>
    <message>
      <source>XYZ, WMTS, WMS, or any raster layer.</source>
      <translation>XYZ, WMTS, WMS oder jeder Rasterlayer.</translation>
    </message>
    <message>
      <source>Zoom level</source>
      <translation>Zoomstufe</translation>
    </message>
    <message>
      <source>a number from {:g} on</source>
      <translation>eine Zahl ab {:g}</translation>
    </message>
    <message>
      <source>a number from {:g} to {:g}</source>
      <translation>eine Zahl von {:g} bis {:g}</translation>
    </message>
    <message>
      <source>a truncated image</source>
      <translation>ein abgeschnittenes Bild</translation>
    </message>
    <message>
      <source>a whole number from {:g} on</source>
      <translation>eine ganze Zahl ab {:g}</translation>
    </message>
    <message>
      <source>a whole number from {:g} to {:g}</source>
      <translation>eine ganze Zahl von {:g} bis {:g}</translation>
    </message>
    <message>
      <source>basemap</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>benchmark</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>boxes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>bug report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>catalogue</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>checkpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>choose MISSING=mask to leave them out, or run this again</source>
      <translation>MISSING=mask wählen, um sie auszulassen, oder erneut ausführen</translation>
    </message>
    <message>
      <source>click</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>copilot</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cuda</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>deep learning</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>delete</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>diagnosis</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>disk space</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>embedding</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>encoder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>environment</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>estimate</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>features</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>free</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>good, {:.0f} MB, {}</source>
      <translation>gut, {:.0f} MB, {}</translation>
    </message>
    <message>
      <source>gpu</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>grid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>import</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>install</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its provider does not say why</source>
      <translation>sein Provider sagt nicht, warum</translation>
    </message>
    <message>
      <source>no answer in time</source>
      <translation>keine rechtzeitige Antwort</translation>
    </message>
    <message>
      <source>no connection</source>
      <translation>keine Verbindung</translation>
    </message>
    <message>
      <source>no image in the answer</source>
      <translation>kein Bild in der Antwort</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>nothing could be fetched; check its address, its login and the extent</source>
      <translation>nichts ließ sich abrufen; Adresse, Anmeldung und Ausdehnung prüfen</translation>
    </message>
    <message>
      <source>offline</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>online</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>pip</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>points</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>round smooths, for ponds and crowns; square straightens edges and turns near-right angles into right ones, for buildings.</source>
      <translation>round glättet, für Teiche und Baumkronen; square macht Kanten gerade und fast rechte Winkel zu rechten, für Gebäude.</translation>
    </message>
    <message>
      <source>sam</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sam2</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>segment anything</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>set up</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the layer is transparent there</source>
      <translation>der Layer ist dort durchsichtig</translation>
    </message>
    <message>
      <source>the server gives no tiles any more</source>
      <translation>der Server gibt keine Kacheln mehr</translation>
    </message>
    <message>
      <source>tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>torch</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>uninstall</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <source>verify</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>versions</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wcs</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>weights</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wms</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wmts</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>xyz</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{:.1%} of the pixels have no data: {}</source>
      <translation>{:.1%} der Pixel sind ohne Daten: {}</translation>
    </message>
    <message>
      <source>{} ({}) cannot be opened: check that the file is there and a raster</source>
      <translation>{} ({}) lässt sich nicht öffnen: prüfen, ob die Datei da und ein Raster ist</translation>
    </message>
    <message>
      <source>{} ({}) comes from the provider {} and is no file: take Encode tile layer (geosam:encodetilelayer), or save it as a GeoTIFF first (Export, Save As)</source>
      <translation>{} ({}) kommt vom Provider {} und ist keine Datei: „Kachellayer kodieren“ (geosam:encodetilelayer) nehmen, oder erst als GeoTIFF speichern (Export, Speichern als)</translation>
    </message>
    <message>
      <source>{} ({}) could not be written as a whole: make room on its disk</source>
      <translation>{} ({}) ließ sich nicht ganz schreiben: auf dem Datenträger Platz schaffen</translation>
    </message>
    <message>
      <source>{} ({}) has no CRS: set it in the layer's properties first</source>
      <translation>{} ({}) hat kein KBS: es erst in den Layereigenschaften setzen</translation>
    </message>
    <message>
      <source>{} ({}) has no CRS: set it in the layer's properties, or in the file with gdal:assignprojection</source>
      <translation>{} ({}) hat kein KBS: es in den Layereigenschaften setzen, oder in der Datei mit gdal:assignprojection</translation>
    </message>
    <message>
      <source>{} ({}) has no geometry: give a layer of points, lines or polygons</source>
      <translation>{} ({}) hat keine Geometrie: einen Layer aus Punkten, Linien oder Polygonen angeben</translation>
    </message>
    <message>
      <source>{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM</source>
      <translation>{} ({}) hat keine Zoomstufen: RESOLUTION statt ZOOM angeben</translation>
    </message>
    <message>
      <source>{} ({}) is a raster that GDAL opens, not a tile layer: take Encode raster (geosam:encoderaster)</source>
      <translation>{} ({}) ist ein Raster, das GDAL öffnet, kein Kachellayer: „Raster kodieren“ (geosam:encoderaster) nehmen</translation>
    </message>
    <message>
      <source>{} cannot be written ({}): choose another FOLDER, or make room</source>
      <translation>{} lässt sich nicht schreiben ({}): anderen FOLDER wählen oder Platz schaffen</translation>
    </message>
    <message>
      <source>{} cannot be written as a whole{}: make room there or give another</source>
      <translation>{} lässt sich nicht ganz schreiben{}: dort Platz schaffen oder ein anderes Ziel angeben</translation>
    </message>
    <message>
      <source>{} files, {:.1f} of {} MB, in {}</source>
      <translation>{} Dateien, {:.1f} von {} MB, in {}</translation>
    </message>
    <message>
      <source>{} has no object, so nothing is recommended</source>
      <translation>{} hat kein Objekt, daher wird nichts empfohlen</translation>
    </message>
    <message>
      <source>{} is there already, and is right</source>
      <translation>{} ist schon da und richtig</translation>
    </message>
    <message>
      <source>{} of an earlier run lacks tiles ({}): give another OUTPUT to fetch them again, or choose MISSING=mask</source>
      <translation>{} eines früheren Laufs fehlen Kacheln ({}): einen anderen OUTPUT angeben, um sie neu abzurufen, oder MISSING=mask wählen</translation>
    </message>
    <message>
      <source>{} of {} features of {} have no geometry, or none in the raster's CRS, and do not count</source>
      <translation>{} von {} Objekten von {} haben keine Geometrie, oder keine im KBS des Rasters, und zählen nicht</translation>
    </message>
    <message>
      <source>{} tiles of the layer {} failed ({}): {}</source>
      <translation>{} Kacheln des Layers {} scheiterten ({}): {}</translation>
    </message>
    <message>
      <source>{} was changed or removed while it was needed: run this again</source>
      <translation>{} wurde geändert oder entfernt, während es gebraucht wurde: erneut ausführen</translation>
    </message>
    <message>
      <source>{} x {} (such as {})</source>
      <translation>{} x {} (etwa {})</translation>
    </message>
    <message>
      <source>{}: {}</source>
      <translation>{}: {}</translation>
    </message>
    <message>
      <source>{}; {} of {} prompts answered</source>
      <translation>{}; {} von {} Vorgaben beantwortet</translation>
    </message>
  </context>
</TS>
