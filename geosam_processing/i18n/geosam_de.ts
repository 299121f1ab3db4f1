<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>GeoSAM</name>
    <message>
      <source>
The engine's last lines were:
{}</source>
      <translation>
Die letzten Zeilen der Engine waren:
{}</translation>
    </message>
    <message>
      <source> between percentiles {} and {}</source>
      <translation> zwischen den Perzentilen {} und {}</translation>
    </message>
    <message>
      <source>, where {} MB are free</source>
      <translation>, wo {} MB frei sind</translation>
    </message>
    <message>
      <source>. Check the rights and rules there</source>
      <translation>. Dort Rechte und Regeln prüfen</translation>
    </message>
    <message>
      <source>. Else choose another place or format</source>
      <translation>. Sonst einen anderen Ort oder ein anderes Format wählen</translation>
    </message>
    <message>
      <source>. Its disk has {} MB free: make room there if that is too little</source>
      <translation>. Auf dem Datenträger sind {} MB frei: dort Platz schaffen, wenn das zu wenig ist</translation>
    </message>
    <message>
      <source>. What is there is not complete</source>
      <translation>. Was dort steht, ist nicht vollständig</translation>
    </message>
    <message>
      <source>1 for a point on the object, 0 for one outside it. If not set, all points are on it.</source>
      <translation>1 für einen Punkt auf dem Objekt, 0 für einen daneben. Keines: alle liegen darauf.</translation>
    </message>
    <message>
      <source>1 for an example to look for, 0 for one to keep away from. If not set, all examples are to look for.</source>
      <translation>1 für ein Beispiel, nach dem gesucht wird, 0 für eines, das gemieden wird. Wenn nicht angegeben, wird nach allen Beispielen gesucht.</translation>
    </message>
    <message>
      <source>95th percentile of the boundary distance (meters)</source>
      <translation>95. Perzentil des Umrissabstands (Meter)</translation>
    </message>
    <message>
      <source>; and {} more reasons</source>
      <translation>; und {} weitere Gründe</translation>
    </message>
    <message>
      <source>A GeoTIFF that joins the tiles.</source>
      <translation>Ein GeoTIFF aus den zusammengesetzten Kacheln.</translation>
    </message>
    <message>
      <source>A JSON file from Preview patches, from QGIS's Copy as JSON, or from Geo-SAM's Encoder Copilot. It supplies the parameters that are not given here, except the raster layer.</source>
      <translation>Eine JSON-Datei aus „Vorschau der Ausschnitte“, aus „Als JSON kopieren“ von QGIS oder aus dem Encoder Copilot von Geo-SAM. Sie liefert die Parameter, die hier nicht angegeben sind, außer dem Rasterlayer.</translation>
    </message>
    <message>
      <source>A JSON file that the parameter SETTINGS of Encode raster takes.</source>
      <translation>Eine JSON-Datei, die „Raster kodieren“ als Parameter SETTINGS annimmt.</translation>
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any CRS. Each feature is one object.</source>
      <translation>Ein Layer aus Punkten, oder aus Polygonen oder Linien, deren umgebende Rechtecke die Rahmen sind; in jedem KBS. Jedes Layerobjekt ist ein Objekt.</translation>
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are used, in any CRS. A feature of several points is one object.</source>
      <translation>Ein Layer aus Punkten, oder aus Polygonen oder Linien, deren umgebende Rechtecke die Rahmen sind; in jedem KBS. Ein Layerobjekt aus mehreren Punkten ist ein Objekt.</translation>
    </message>
    <message>
      <source>A local file that is verified and copied instead of a download. For SAM3, sam3.pt and model.safetensors are accepted.</source>
      <translation>Das Modell aus dieser Datei nehmen statt aus dem Netz. Sie wird ebenso geprüft und kopiert. Von SAM3 werden sam3.pt und model.safetensors angenommen.</translation>
    </message>
    <message>
      <source>A mask, an index, or heights. Pixels without data belong to no object.</source>
      <translation>Eine Maske, ein Index oder Höhen. Pixel ohne Daten gehören zu keinem Objekt.</translation>
    </message>
    <message>
      <source>A new or empty folder, or one with an engine to renew. If not set, geosam/engine in the folder of the QGIS profile is used.</source>
      <translation>Ein neuer oder leerer Ordner, oder einer mit einer Engine, die erneuert werden soll. Wenn nicht angegeben, geosam/engine im Ordner des QGIS-Profils.</translation>
    </message>
    <message>
      <source>A page with the areas of each object and of all.</source>
      <translation>Eine Seite mit den Flächen jedes Objekts und aller zusammen.</translation>
    </message>
    <message>
      <source>A part of the patches for one of several machines, such as 3/16; Merge feature shards merges the results. If not set, it is taken from GEOSAM_SHARD or a Slurm array; all ignores both.</source>
      <translation>Ein Teil der Ausschnitte für einen von mehreren Rechnern, etwa 3/16; „Teile von Merkmalen zusammenführen“ führt die Ergebnisse zusammen. Wenn nicht angegeben, aus GEOSAM_SHARD oder einem Slurm-Array; all lässt beide außer Acht.</translation>
    </message>
    <message>
      <source>A part of the patches for one of several machines, such as 3/16; Merge objects with MODE=shards merges the results. If not set, it is taken from GEOSAM_SHARD or a Slurm array; all ignores both.</source>
      <translation>Ein Teil der Ausschnitte für einen von mehreren Rechnern, etwa 3/16; „Objekte überlappender Ausschnitte zusammenführen“ mit MODE=shards führt die Ergebnisse zusammen. Wenn nicht angegeben, aus GEOSAM_SHARD oder einem Slurm-Array; all lässt beide außer Acht.</translation>
    </message>
    <message>
      <source>A part of the patches for one of several machines, such as 3/16; Merge vector layers merges the results. If not set, it is taken from GEOSAM_SHARD or a Slurm array; all ignores both.</source>
      <translation>Ein Teil der Ausschnitte für einen von mehreren Rechnern, etwa 3/16; „Vektorlayer zusammenführen“ führt die Ergebnisse zusammen. Wenn nicht angegeben, aus GEOSAM_SHARD oder einem Slurm-Array; all lässt beide außer Acht.</translation>
    </message>
    <message>
      <source>A raster for each date, in any CRS, resolution and extent. The first one gives the CRS and the pixels of all dates.</source>
      <translation>Ein Raster für jeden Zeitpunkt, in jedem KBS, jeder Auflösung und Ausdehnung. Das erste bestimmt das KBS und die Pixel aller Zeitpunkte.</translation>
    </message>
    <message>
      <source>A raster layer that is no file. In a command, XYZ tiles are 'wms://type=xyz&amp;url=https://host/{z}/{x}/{y}.png&amp;zmin=0&amp;zmax=19'; write %26 for an &amp; and %3D for an = inside the address.</source>
      <translation>Ein Rasterlayer, der keine Datei ist. In einem Befehl sind XYZ-Kacheln 'wms://type=xyz&amp;url=https://host/{z}/{x}/{y}.png&amp;zmin=0&amp;zmax=19'; in der Adresse %26 für &amp; und %3D für = schreiben.</translation>
    </message>
    <message>
      <source>A raster that was not encoded. It is encoded first, with patches that overlap by half, which takes most of the time. Of a tile layer the extent or the area to search is encoded.</source>
      <translation>Ein Raster, das noch nicht kodiert ist. Es wird zuerst kodiert, mit Ausschnitten, die sich zur Hälfte überlappen; das braucht die meiste Zeit. Von einem Kachellayer wird die Ausdehnung oder das Suchgebiet kodiert.</translation>
    </message>
    <message>
      <source>A row for each model. verified is empty where the official hash is unknown.</source>
      <translation>Eine Zeile je Modell. verified ist leer, wo die amtliche Prüfsumme nicht bekannt ist.</translation>
    </message>
    <message>
      <source>A row for each object and date, without a polygon where it is not seen or gone. The time slider plays it.</source>
      <translation>Eine Zeile je Objekt und Zeitpunkt, ohne Polygon, wo es nicht gesehen wurde oder verschwunden ist. Die Zeitsteuerung spielt sie ab.</translation>
    </message>
    <message>
      <source>A row for each object: first, last, least and largest area, trend and largest change.</source>
      <translation>Eine Zeile je Objekt: erste, letzte, kleinste und größte Fläche, Trend und größte Änderung.</translation>
    </message>
    <message>
      <source>A row for each phrase: its objects, their area, the best score of any patch, and the patches that were searched.</source>
      <translation>Eine Zeile je Begriff: seine Objekte, ihre Fläche, die beste Güte in irgendeinem Ausschnitt und die durchsuchten Ausschnitte.</translation>
    </message>
    <message>
      <source>A table or layer with the name and the date of each raster or feature folder.</source>
      <translation>Eine Tabelle oder ein Layer mit dem Namen und dem Datum jedes Rasters oder Merkmalordners.</translation>
    </message>
    <message>
      <source>A table with a row for each resolution and stride: number of patches, disk space, time, and share of complete objects.</source>
      <translation>Eine Tabelle: für jede Auflösung und Schrittweite die Zahl der Ausschnitte, der Plattenplatz, die Dauer und der Anteil der Objekte, die ganz in einem Ausschnitt liegen.</translation>
    </message>
    <message>
      <source>A table with all figures: a row for all polygons, one for each class and one for each size.</source>
      <translation>Eine Tabelle mit allen Kennzahlen: eine Zeile für alle Polygone, je eine für jede Klasse und für jede Größe.</translation>
    </message>
    <message>
      <source>A target resolution in meters has no meaning in degrees at latitude {}: give a projected target CRS</source>
      <translation>Eine Zielauflösung in Metern hat in Grad auf der Breite {} keinen Sinn: ein projiziertes Ziel-KBS angeben</translation>
    </message>
    <message>
      <source>About the radius of the smallest tree crown.</source>
      <translation>Etwa der Radius der kleinsten Baumkrone.</translation>
    </message>
    <message>
      <source>Acceptable time (minutes)</source>
      <translation>Annehmbare Dauer (Minuten)</translation>
    </message>
    <message>
      <source>Accuracy</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <source>Address of a folder that has the checkpoints under their official names. None: the makers' own server.</source>
      <translation>Adresse eines Ordners, in dem die Checkpoints unter ihren amtlichen Namen liegen. Keine: der Server der Hersteller.</translation>
    </message>
    <message>
      <source>Address of a folder with the checkpoints under their official names, such as https://mirror.example/sam/. If not set, the publisher's server is used.</source>
      <translation>Adresse eines Ordners, in dem die Checkpoints unter ihren amtlichen Namen liegen, etwa https://mirror.example/sam/. Keine: der Server der Hersteller.</translation>
    </message>
    <message>
      <source>Agreement (0 to 1)</source>
      <translation>Übereinstimmung (0 bis 1)</translation>
    </message>
    <message>
      <source>All figures as a table.</source>
      <translation>Alle Kennzahlen als Tabelle.</translation>
    </message>
    <message>
      <source>All figures, a precision-recall curve, a histogram of IoU, a confusion matrix of the classes, and pictures of the worst cases.</source>
      <translation>Alle Kennzahlen, eine Precision-Recall-Kurve, ein Histogramm der IoU, eine Konfusionsmatrix der Klassen und Bilder der schlechtesten Fälle.</translation>
    </message>
    <message>
      <source>All figures, charts, and pictures of the worst cases.</source>
      <translation>Alle Kennzahlen, Diagramme und Bilder der schlechtesten Fälle.</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <source>All objects in their order, with the fields of the input and the description of each change.</source>
      <translation>Alle Objekte in ihrer Reihenfolge, mit den Feldern der Eingabe und denen, die sagen, was geändert wurde.</translation>
    </message>
    <message>
      <source>All others, with the id of the object that contains or replaces them, and the reason: joined, duplicate, cut (a complete object replaces it), without area.</source>
      <translation>Alle übrigen, mit der Nummer des Objekts, das sie enthält oder an ihrer Stelle bleibt, und dem Grund: joined (verbunden), duplicate (Duplikat), cut (ein vollständiges Objekt ersetzt es), without area (ohne Fläche).</translation>
    </message>
    <message>
      <source>All patches are without data, so encoding would fail: choose another extent or raster, or encode nodata patches as well</source>
      <translation>Alle Ausschnitte sind ohne Daten, das Kodieren würde also scheitern: eine andere Ausdehnung oder ein anderes Raster wählen, oder auch Ausschnitte ohne Daten kodieren</translation>
    </message>
    <message>
      <source>All values of the bands ({}) in the extent of {}{} are {}, so no range can be taken from them: give a value range</source>
      <translation>Alle Werte der Kanäle ({}) in der Ausdehnung von {}{} sind {}, daher lässt sich ihnen kein Wertebereich entnehmen: einen Wertebereich angeben</translation>
    </message>
    <message>
      <source>Allow missing patches</source>
      <translation>Fehlende Ausschnitte zulassen</translation>
    </message>
    <message>
      <source>Also installs the dependencies of CLUSTER, for several processes or computers (12 MB to download, 50 MB on the disk). An engine that has them keeps them.</source>
      <translation>Installiert auch, was CLUSTER für mehrere Prozesse oder Rechner braucht: 12 MB Download, 50 MB auf dem Datenträger. Eine Engine, die es hat, behält es.</translation>
    </message>
    <message>
      <source>Also installs the dependencies of the models sam3 and sam3.1 (20 MB to download, 160 MB on the disk). An engine that has them keeps them.</source>
      <translation>Installiert auch, was die Modelle sam3 und sam3.1 brauchen: 20 MB Download, 160 MB auf dem Datenträger. Eine Engine, die es hat, behält es.</translation>
    </message>
    <message>
      <source>An NVIDIA GPU is there but not used: {}. The CPU is used</source>
      <translation>Eine NVIDIA-GPU ist da, wird aber nicht benutzt: {}. Der Prozessor rechnet</translation>
    </message>
    <message>
      <source>An example is of the kind {}, which is none of those looked for: {}</source>
      <translation>Ein Beispiel ist von der Art {}, die keine der gesuchten ist: {}</translation>
    </message>
    <message>
      <source>An image with green and near infrared.</source>
      <translation>Ein Bild mit Grün und nahem Infrarot.</translation>
    </message>
    <message>
      <source>An object a row: before_m2, after_m2 and change_m2 in square meters, change_percent. The outline is that of the later date, or of the earlier one if the object is gone: the field outline tells.</source>
      <translation>Eine Zeile je Objekt: before_m2, after_m2 und change_m2 in Quadratmetern, change_percent. Der Umriss ist der des späteren Zeitpunkts, oder der des früheren, wenn das Objekt verschwunden ist: das Feld outline sagt es.</translation>
    </message>
    <message>
      <source>An object matches a reference if their shared area is at least this share of the area of both together.</source>
      <translation>Ein Objekt entspricht einer Referenz, wenn ihre gemeinsame Fläche mindestens diesen Anteil an der Fläche beider zusammen hat.</translation>
    </message>
    <message>
      <source>An object names a patch ({}) that is not there: give the patches that saw the objects, or no field of patches, and their places determine them</source>
      <translation>Ein Objekt nennt einen Ausschnitt ({}), den es nicht gibt: die Ausschnitte angeben, in denen die Objekte gesehen wurden, oder kein Feld mit den Ausschnitten; dann sagt ihre Lage es</translation>
    </message>
    <message>
      <source>An object that differs from its surroundings in another way than on its first date, such as a dry lake bed, is gone. 0 does not check, for fields and others that change color.</source>
      <translation>Ein Objekt, das sich anders von seiner Umgebung unterscheidet als an seinem ersten Zeitpunkt, etwa ein trockener Seeboden, gilt als verschwunden. 0 prüft das nicht, für Felder und anderes, das seine Farbe ändert.</translation>
    </message>
    <message>
      <source>An object that differs less from its surroundings is gone on that date. 0 does not check.</source>
      <translation>Ein Objekt, das sich weniger von seiner Umgebung unterscheidet, gilt an diesem Zeitpunkt als verschwunden. 0 prüft das nicht.</translation>
    </message>
    <message>
      <source>An object that differs less from its surroundings is not there. 0 does not check.</source>
      <translation>Ein Objekt, das sich weniger von seiner Umgebung unterscheidet, gilt als nicht vorhanden. 0 prüft das nicht.</translation>
    </message>
    <message>
      <source>An object whose mask has a lower score, as the model estimates it, is gone.</source>
      <translation>Ein Objekt, dessen Maske das Modell geringer bewertet, gilt als verschwunden.</translation>
    </message>
    <message>
      <source>An object with a lower score, as the model estimates it, is gone on that date.</source>
      <translation>Ein Objekt, das das Modell geringer bewertet, gilt an diesem Zeitpunkt als verschwunden.</translation>
    </message>
    <message>
      <source>An official model. tiny is the quickest without a GPU; base_plus is finer.</source>
      <translation>Ein amtliches Modell. tiny ist ohne GPU am schnellsten; base_plus ist feiner.</translation>
    </message>
    <message>
      <source>An outline that shares less of its area with that of the date before is gone. 0 does not check.</source>
      <translation>Ein Umriss, der weniger von seiner Fläche mit dem des Zeitpunkts davor gemeinsam hat, gilt als verschwunden. 0 prüft das nicht.</translation>
    </message>
    <message>
      <source>Another installation is at work in {}: run this again when it has ended</source>
      <translation>Eine andere Installation arbeitet gerade in {}: erneut ausführen, wenn sie beendet ist</translation>
    </message>
    <message>
      <source>Another run is encoding into {}{}: wait until it has ended, or choose another output folder</source>
      <translation>Ein anderer Lauf kodiert gerade in {}{}: warten, bis er beendet ist, oder einen anderen Ausgabeordner wählen</translation>
    </message>
    <message>
      <source>Another run is encoding shard {} into {}{}: wait until it has ended, or choose another output folder</source>
      <translation>Ein anderer Lauf kodiert gerade Teil {} in {}{}: warten, bis er beendet ist, oder einen anderen Ausgabeordner wählen</translation>
    </message>
    <message>
      <source>Another run is fetching tiles into {}. Wait until it has ended, or give another OUTPUT</source>
      <translation>Ein anderer Lauf ruft gerade Kacheln in {} ab. Warten, bis er beendet ist, oder ein anderes OUTPUT angeben</translation>
    </message>
    <message>
      <source>Any raster layer that has a CRS: files, XYZ, WMTS, WMS, WCS and others. In a command, a tile layer is INPUT='wms://type=xyz&amp;url=...&amp;zmin=0&amp;zmax=19'.</source>
      <translation>Jeder Rasterlayer, der ein KBS hat: Dateien, XYZ, WMTS, WMS, WCS und andere. In einem Befehl ist ein Kachellayer INPUT='wms://type=xyz&amp;url=...&amp;zmin=0&amp;zmax=19'.</translation>
    </message>
    <message>
      <source>Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation.</source>
      <translation>Jedes Raster, das GDAL öffnet und das ein KBS hat: Bilder, Indizes, Radar, Höhen.</translation>
    </message>
    <message>
      <source>Area</source>
      <translation>Gebiet</translation>
    </message>
    <message>
      <source>Area bias (percent)</source>
      <translation>Flächenabweichung (Prozent)</translation>
    </message>
    <message>
      <source>Area bias, lower end of its 95 % interval (percent)</source>
      <translation>Flächenabweichung, untere Grenze des 95-%-Intervalls (Prozent)</translation>
    </message>
    <message>
      <source>Area bias, upper end of its 95 % interval (percent)</source>
      <translation>Flächenabweichung, obere Grenze des 95-%-Intervalls (Prozent)</translation>
    </message>
    <message>
      <source>Area statistics</source>
      <translation>Flächenstatistik</translation>
    </message>
    <message>
      <source>Area to search</source>
      <translation>Suchgebiet</translation>
    </message>
    <message>
      <source>Areas between the size classes, separated by commas, such as 50,200. If not set, three classes with equally many references.</source>
      <translation>Flächen zwischen den Größenklassen, durch Komma getrennt, etwa 50,200. Wenn nicht angegeben, drei Klassen mit gleich vielen Referenzen.</translation>
    </message>
    <message>
      <source>As it is set, {} of the objects lie whole inside a patch, {} pixels or more from its edge; {} are wanted</source>
      <translation>Mit diesen Einstellungen liegen {} der Objekte ganz in einem Ausschnitt, {} Pixel oder mehr von seinem Rand; gewünscht sind {}</translation>
    </message>
    <message>
      <source>As other programs compute as well, a patch takes {} s now</source>
      <translation>Da auch andere Programme rechnen, braucht ein Ausschnitt jetzt {} s</translation>
    </message>
    <message>
      <source>Assessed area</source>
      <translation>Bewertetes Gebiet</translation>
    </message>
    <message>
      <source>Authentication</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>Average precision at an IoU of 0.5 (0 to 1)</source>
      <translation>Mittlere Präzision (AP) bei einer IoU von 0,5 (0 bis 1)</translation>
    </message>
    <message>
      <source>Average precision, mean of IoU 0.5 to 0.95 (0 to 1)</source>
      <translation>Mittlere Präzision (AP), Mittel über IoU 0,5 bis 0,95 (0 bis 1)</translation>
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
      <source>Band</source>
      <translation>Kanal</translation>
    </message>
    <message>
      <source>Band numbers in the order red, green, blue, such as 3;2;1. One band is used three times, of two the second one twice. If not set, the first one to three bands are used.</source>
      <translation>In der Reihenfolge Rot, Grün, Blau. Ein Kanal wird dreimal genommen, von zweien der zweite doppelt. Keine: die ersten ein bis drei. In einem Befehl: BANDS=3;2;1 in Anführungszeichen.</translation>
    </message>
    <message>
      <source>Band of green</source>
      <translation>Kanal für Grün</translation>
    </message>
    <message>
      <source>Band of near infrared</source>
      <translation>Kanal für nahes Infrarot</translation>
    </message>
    <message>
      <source>Band {} of the raster {} holds complex numbers: give a raster of their amplitudes</source>
      <translation>Kanal {} des Rasters {} enthält komplexe Zahlen: ein Raster ihrer Amplituden angeben</translation>
    </message>
    <message>
      <source>Band {} of {} has a color table, whose colors are read</source>
      <translation>Kanal {} von {} hat eine Farbtabelle, deren Farben gelesen werden</translation>
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
      <source>Batch size (points)</source>
      <translation>Stapelgröße (Punkte)</translation>
    </message>
    <message>
      <source>Batch size (prompts)</source>
      <translation>Stapelgröße (Vorgaben)</translation>
    </message>
    <message>
      <source>Boundary F1 (0 to 1)</source>
      <translation>Umriss-F1 (0 bis 1)</translation>
    </message>
    <message>
      <source>Boundary tolerance (meters)</source>
      <translation>Toleranz der Umrisse (Meter)</translation>
    </message>
    <message>
      <source>Bounding boxes that belong to points: by the object id field, which this layer must then have too, or else by the points inside. A box without points is a separate object.</source>
      <translation>Umgebende Rechtecke zu den Punkten. Mit einem Feld für die Objektnummer, das dann auch dieser Layer haben muss, gehört ein Rahmen zu den Punkten seiner Nummer; ohne eines zu den Punkten, die in ihm liegen. Ein Rahmen ohne Punkte ist für sich ein Objekt.</translation>
    </message>
    <message>
      <source>Box of one object</source>
      <translation>Rahmen um ein Objekt</translation>
    </message>
    <message>
      <source>Boxes</source>
      <translation>Rahmen</translation>
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
      <source>By how much an area may grow or shrink.</source>
      <translation>Um wie viel eine Fläche wachsen oder schrumpfen darf.</translation>
    </message>
    <message>
      <source>CUDA device index</source>
      <translation>Nummer des CUDA-Geräts</translation>
    </message>
    <message>
      <source>CUDA_VISIBLE_DEVICES ({}) hides every GPU; unset it</source>
      <translation>CUDA_VISIBLE_DEVICES ({}) verbirgt jede GPU; die Variable löschen</translation>
    </message>
    <message>
      <source>Cache folder</source>
      <translation>Ordner des Live-Zwischenspeichers</translation>
    </message>
    <message>
      <source>Cache size (megabytes)</source>
      <translation>Größe des Live-Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Cancelled: the received part is kept. Run again to continue</source>
      <translation>Abgebrochen: was angekommen ist, bleibt; zum Fortsetzen erneut ausführen</translation>
    </message>
    <message>
      <source>Cancelled: the results up to then are kept</source>
      <translation>Abgebrochen: die Ergebnisse bis dahin bleiben erhalten</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>Kandidaten</translation>
    </message>
    <message>
      <source>Cannot install the engine in {}: {}; see that the folder can be written and the disk has room, or name another FOLDER</source>
      <translation>Die Engine lässt sich in {} nicht installieren: {}; prüfen, ob der Ordner beschreibbar und auf dem Datenträger Platz ist, oder einen anderen FOLDER nennen</translation>
    </message>
    <message>
      <source>Cannot make the engine's environment in {}: {}; see that the folder can be written and the disk has 3 GB free</source>
      <translation>Die Umgebung der Engine lässt sich in {} nicht anlegen: {}; prüfen, ob der Ordner beschreibbar ist und auf dem Datenträger 3 GB frei sind</translation>
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
      <source>Cannot write to {} ({}). Give another OUTPUT</source>
      <translation>{} lässt sich nicht beschreiben ({}). Anderes OUTPUT angeben</translation>
    </message>
    <message>
      <source>Cannot write to {} ({}){}: make room there or give another folder</source>
      <translation>In {} lässt sich nicht schreiben ({}){}: dort Platz schaffen oder anderen Ordner angeben</translation>
    </message>
    <message>
      <source>Cannot write {} ({}): choose an output folder that you can write to</source>
      <translation>{} lässt sich nicht schreiben ({}): einen Ausgabeordner wählen, der beschreibbar ist</translation>
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
      <source>Chart page</source>
      <translation>Diagrammseite</translation>
    </message>
    <message>
      <source>Chart picture</source>
      <translation>Diagrammbild</translation>
    </message>
    <message>
      <source>Checking {}</source>
      <translation>{} wird geprüft</translation>
    </message>
    <message>
      <source>Checkpoint</source>
      <translation>Checkpoint</translation>
    </message>
    <message>
      <source>Checkpoint file</source>
      <translation>Checkpoint-Datei</translation>
    </message>
    <message>
      <source>Checkpoints (*.pt *.pth *.safetensors);;All files (*)</source>
      <translation>Checkpoints (*.pt *.pth *.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Checkpoints (*.pt *.pth);;All files (*)</source>
      <translation>Checkpoints (*.pt *.pth);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Class field</source>
      <translation>Klassenfeld</translation>
    </message>
    <message>
      <source>Class of the examples</source>
      <translation>Klasse der Beispiele</translation>
    </message>
    <message>
      <source>Clean outlines</source>
      <translation>Umrisse bereinigen</translation>
    </message>
    <message>
      <source>Clean outlines: {}. Only simplified: {}. Unchanged: {}.</source>
      <translation>Bereinigte Umrisse: {}. Nur vereinfacht: {}. Unverändert: {}.</translation>
    </message>
    <message>
      <source>Clear live cache</source>
      <translation>Live-Zwischenspeicher leeren</translation>
    </message>
    <message>
      <source>Close gaps up to (meters)</source>
      <translation>Lücken schließen bis (Meter)</translation>
    </message>
    <message>
      <source>Cluster</source>
      <translation>Cluster</translation>
    </message>
    <message>
      <source>Cluster {}, from {} in the environment</source>
      <translation>Cluster {}, aus {} in der Umgebung</translation>
    </message>
    <message>
      <source>Codes such as %Y%m%d or naip_%Y, or a regular expression with groups such as (?P&lt;year&gt;\d{4}). If not set, common patterns are tried.</source>
      <translation>Codes wie %Y%m%d oder naip_%Y, oder ein regulärer Ausdruck mit Gruppen wie (?P&lt;year&gt;\d{4}). Wenn nicht angegeben, werden übliche Muster versucht.</translation>
    </message>
    <message>
      <source>Compare by</source>
      <translation>Vergleichen nach</translation>
    </message>
    <message>
      <source>Compare two dates</source>
      <translation>Zwei Zeitpunkte vergleichen</translation>
    </message>
    <message>
      <source>Compare with a reference</source>
      <translation>Mit einer Referenz vergleichen</translation>
    </message>
    <message>
      <source>Compares objects with a reference, such as buildings that were digitized by hand. It reports the share of correct objects (precision) and of references that were found (recall). It also reports the fit of outlines and areas, and lists matches, missed references and false alarms.

Each object matches at most one reference, by the greatest total IoU (shared area divided by the area of both together). With class fields, only polygons of the same class match.

If the reference is incomplete, set the assessed area. Both layers are cut to it, and each polygon counts with the share of its area inside.</source>
      <translation>Misst, wie gut Objekte mit einer Referenz übereinstimmen, etwa mit von Hand digitalisierten Gebäuden. Gibt an, wie viele Objekte richtig sind (Präzision), wie viele Referenzen gefunden wurden (Recall) und wie gut Umrisse und Flächen passen, und führt jeden Treffer, jede übersehene Referenz und jeden Fehlalarm auf.

Ein Objekt entspricht höchstens einer Referenz und eine Referenz höchstens einem Objekt. Von allen solchen Zuordnungen wird die mit der größten Summe der IoU (gemeinsame Fläche geteilt durch die Fläche beider zusammen) genommen. Mit Klassenfeldern werden nur Polygone derselben Klasse einander zugeordnet.

Eine Referenz ist selten überall vollständig. Polygone zeichnen, in denen sie vollständig ist, und diese als bewertetes Gebiet angeben: beide Layer werden darauf zugeschnitten, und jedes Polygon zählt mit dem Anteil seiner Fläche, der darin liegt. Ein Objekt, das zu einem Viertel darin liegt, ist ein viertel Objekt in der Präzision, und ebenso eine Referenz im Recall.

Die Layer dürfen jedes KBS haben, auch eines in Grad. Flächen und Abstände werden in einer flächentreuen Projektion gemessen, deren Mitte in den Daten liegt (Lambert, azimutal, WGS 84).</translation>
    </message>
    <message>
      <source>Comparison</source>
      <translation>Vergleich</translation>
    </message>
    <message>
      <source>Complete large objects</source>
      <translation>Große Objekte vervollständigen</translation>
    </message>
    <message>
      <source>Complete objects</source>
      <translation>Von Ausschnitten abgeschnittene Objekte vervollständigen</translation>
    </message>
    <message>
      <source>Complete objects (percent)</source>
      <translation>Anteil der Objekte, die ganz in einem Ausschnitt liegen sollen (Prozent)</translation>
    </message>
    <message>
      <source>Computation precision</source>
      <translation>Rechengenauigkeit</translation>
    </message>
    <message>
      <source>Computes the water index NDWI of a raster, makes points and boxes of the water in it, and segments these in the raster: the index tells where lakes are, the model where they end. The features can be kept.</source>
      <translation>Berechnet den Wasserindex NDWI eines Rasters, macht Punkte und Rahmen aus dem Wasser darin und segmentiert diese im Raster: der Index sagt, wo Seen sind, das Modell, wo sie enden. Die Merkmale können aufgehoben werden.</translation>
    </message>
    <message>
      <source>Confidence of the objects, for average precision and the precision-recall curve. If not set, these are left out.</source>
      <translation>Konfidenz der Objekte, für die mittlere Präzision und die Precision-Recall-Kurve. Wenn nicht angegeben, entfallen diese.</translation>
    </message>
    <message>
      <source>Continuing an installation that was interrupted ...</source>
      <translation>Eine abgebrochene Installation wird fortgesetzt ...</translation>
    </message>
    <message>
      <source>Counts</source>
      <translation>Anzahlen</translation>
    </message>
    <message>
      <source>Counts from 1. If not set, 2.</source>
      <translation>Gezählt wird ab 1. Wenn nicht angegeben, 2.</translation>
    </message>
    <message>
      <source>Counts from 1. If not set, 4.</source>
      <translation>Gezählt wird ab 1. Wenn nicht angegeben, 4.</translation>
    </message>
    <message>
      <source>Creates points and boxes for Segment from prompts from existing data: a water or snow index, a canopy height model, a mask, or the polygons of an inventory.

Pixels above a threshold that share edges are an object. If no threshold is set, Otsu's method chooses it. Each object gets a point as far from its border as possible, a box, and more points on request. For tree tops, choose maxima.

Then run Segment from prompts with POINTS as prompts, BOXES as boxes, object as the object id field and label as the label field.</source>
      <translation>Macht Punkte und Rahmen für „Nach Vorgaben segmentieren“ aus dem, was schon bekannt ist: einem Wasser- oder Schneeindex, einem Kronenhöhenmodell, einer Maske oder den Polygonen eines älteren Inventars.

Pixel über einem Schwellenwert, die Kanten gemeinsam haben, sind ein Objekt. Ohne Schwellenwert wird der genommen, der die Werte am besten trennt (Otsu). Jedes Objekt bekommt einen Punkt, der möglichst weit von seinem Rand entfernt ist, auf Wunsch weitere Punkte darauf und daneben, und einen Rahmen. Für Baumspitzen maxima wählen: jedes lokale Maximum des Kanals ist ein Objekt.

Dann „Nach Vorgaben segmentieren“ ausführen, mit POINTS als Vorgaben, BOXES als Rahmen, object als Feld mit der Objektnummer und label als Feld mit Vorder- und Hintergrund.</translation>
    </message>
    <message>
      <source>Cut necks up to (meters)</source>
      <translation>Engstellen durchtrennen bis (Meter)</translation>
    </message>
    <message>
      <source>DATES is table, but DATE_TABLE is not set. Give a table of names and dates.</source>
      <translation>DATES ist table, aber DATE_TABLE ist nicht angegeben. Eine Tabelle mit Namen und Daten angeben.</translation>
    </message>
    <message>
      <source>DATE_FIELD is set, but the dates of the inputs are not known. Set DATES to name, table or metadata.</source>
      <translation>DATE_FIELD ist angegeben, aber die Zeitpunkte der Eingaben sind nicht bekannt. DATES auf name, table oder metadata setzen.</translation>
    </message>
    <message>
      <source>DATE_TABLE has no row for {}. Its field {} has to have the name of each raster or folder.</source>
      <translation>DATE_TABLE hat keine Zeile für {}. Ihr Feld {} muss den Namen jedes Rasters oder Ordners enthalten.</translation>
    </message>
    <message>
      <source>Date field</source>
      <translation>Datumsfeld</translation>
    </message>
    <message>
      <source>Date field of prompts</source>
      <translation>Datumsfeld der Vorgaben</translation>
    </message>
    <message>
      <source>Date pattern of names</source>
      <translation>Datumsmuster der Namen</translation>
    </message>
    <message>
      <source>Dates ({}):</source>
      <translation>Zeitpunkte ({}):</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Device for models</source>
      <translation>Gerät, auf dem die Modelle laufen</translation>
    </message>
    <message>
      <source>Device that models run on</source>
      <translation>Gerät, auf dem Modelle laufen</translation>
    </message>
    <message>
      <source>Device: {}, computing in {}</source>
      <translation>Gerät: {}, gerechnet wird in {}</translation>
    </message>
    <message>
      <source>Direction</source>
      <translation>Richtung</translation>
    </message>
    <message>
      <source>Disk space of the features (megabytes)</source>
      <translation>Plattenplatz der Merkmale (Megabyte)</translation>
    </message>
    <message>
      <source>Distance between the starts of neighboring patches. If not set, half a patch is used, so that each object of up to half a patch lies completely in a patch.</source>
      <translation>Abstand zwischen den Anfängen benachbarter Ausschnitte. Wenn nicht angegeben, ein halber Ausschnitt des Modells, sodass jedes Objekt von bis zu einem halben Ausschnitt ganz in irgendeinem liegt.</translation>
    </message>
    <message>
      <source>Distance beyond the outermost prompts that is encoded. It must contain each complete object.</source>
      <translation>Wie weit über die äußersten Vorgaben hinaus kodiert wird. Ein Objekt muss ganz darin liegen.</translation>
    </message>
    <message>
      <source>Distance by which outlines may move to have fewer vertices. 0 keeps all vertices; Geo-SAM uses 1.5.</source>
      <translation>Wie weit Umrisse verschoben werden dürfen, damit sie weniger Stützpunkte haben. 0: gar nicht. Geo-SAM nimmt 1,5.</translation>
    </message>
    <message>
      <source>Distance to patch edges</source>
      <translation>Abstand zu den Rändern der Ausschnitte</translation>
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
      <source>Downloads the official checkpoint of a model into the model folder, and verifies its SHA-256. An interrupted download continues in the next run. A correct file that is already there stays.

The download uses QGIS's network settings, with proxy and authentication. For a computer without a network, copy the file there and give it as FILE.</source>
      <translation>Holt den amtlichen Checkpoint eines Modells in den Ordner, in dem die anderen Algorithmen ihn suchen, und vergleicht seine SHA-256. Unterbrochen, geht es dort weiter, wo es war. Eine Datei, die schon da und richtig ist, bleibt, wie sie ist.

Das Netz ist das von QGIS, mit dessen Proxy und Passwörtern. Für einen Rechner ohne Netz die Datei von Hand übertragen und als FILE angeben.</translation>
    </message>
    <message>
      <source>EXTENT and MASK do not overlap. Choose ones that do, or leave one out</source>
      <translation>EXTENT und MASK überlappen sich nicht. Solche wählen, die es tun, oder eines weglassen</translation>
    </message>
    <message>
      <source>Each example left out in turn ranks, by the others, at {} among {} candidates</source>
      <translation>Jedes Beispiel, der Reihe nach weggelassen, erreicht nach den übrigen Rang {} unter {} Kandidaten</translation>
    </message>
    <message>
      <source>Encode as recommended</source>
      <translation>Wie empfohlen kodieren</translation>
    </message>
    <message>
      <source>Encode empty patches</source>
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
      <source>Encodes a part of an online map: XYZ tiles, WMTS, WMS, WCS, ArcGIS and other raster layers of QGIS that are not files. QGIS fetches the tiles with its settings for authentication and proxies. The features are used like those of Encode raster.

Missing tiles are counted and left out. An interrupted run continues with the same settings, and fetches no tile twice. Respect the server's terms of use: many allow viewing, but not bulk downloads.</source>
      <translation>Kodiert einen Teil einer Online-Karte: XYZ-Kacheln, WMTS, WMS, WCS, ArcGIS und was QGIS sonst als Raster zeigt, ohne dass es eine Datei ist. QGIS ruft die Kacheln ab, mit seinen eigenen Einstellungen für Passwörter und Proxys; die Merkmale sind dieselben wie die von „Raster kodieren“, und „Nach Vorgaben segmentieren“ nimmt sie an.

Kacheln, die nicht kommen, werden gezählt und ausgelassen. Abgebrochen oder gescheitert, macht ein Lauf mit denselben Einstellungen dort weiter, wo er war, und ruft keine Kachel zweimal ab. Die Nutzungsbedingungen des Servers beachten: viele erlauben, Kacheln anzusehen, nicht aber, ein ganzes Land abzurufen.</translation>
    </message>
    <message>
      <source>Encodes a raster in three scales, segments all objects without prompts, and makes a map without overlaps: holes are filled, outlines have fewer vertices, and every place belongs to at most one object. The features can be kept.</source>
      <translation>Kodiert ein Raster in drei Maßstäben, segmentiert alle Objekte ohne Vorgaben und macht eine Karte ohne Überlappungen: Löcher werden gefüllt, Umrisse haben weniger Stützpunkte, und jeder Ort gehört zu höchstens einem Objekt. Die Merkmale können aufgehoben werden.</translation>
    </message>
    <message>
      <source>Encodes a raster, turns a layer of points or boxes into polygons, and cleans these up: fills holes, and draws buildings with right angles, fields with shared borders, or ponds with smooth shores. The features can be kept for the next prompts.</source>
      <translation>Kodiert ein Raster, macht aus einem Layer von Punkten oder Rahmen Polygone und räumt diese auf: füllt Löcher und zeichnet Gebäude mit rechten Winkeln, Felder mit gemeinsamen Grenzen oder Teiche mit glatten Ufern. Die Merkmale können für die nächsten Vorgaben aufgehoben werden.</translation>
    </message>
    <message>
      <source>Encodes a raster, turns a layer of points or boxes into polygons, and compares these with a reference: how many are right, how many references were found, and how well outlines and areas fit. Try a model and its settings on a small area before you map all objects.</source>
      <translation>Kodiert ein Raster, macht aus einem Layer von Punkten oder Rahmen Polygone und vergleicht diese mit einer Referenz: wie viele richtig sind, wie viele Referenzen gefunden wurden und wie gut Umrisse und Flächen passen. So lassen sich ein Modell und seine Einstellungen auf einem kleinen Gebiet ausprobieren, bevor alle Objekte kartiert werden.</translation>
    </message>
    <message>
      <source>Encodes patches of the bundled model for up to ten seconds. If unchecked, the report takes less time.</source>
      <translation>Kodiert bis zu zehn Sekunden lang Ausschnitte mit dem mitgelieferten Modell. Aus: der Bericht ist schneller fertig.</translation>
    </message>
    <message>
      <source>Encoding</source>
      <translation>Kodierung</translation>
    </message>
    <message>
      <source>Encoding patches of {} pixels</source>
      <translation>Ausschnitte von {} Pixeln werden kodiert</translation>
    </message>
    <message>
      <source>Encoding the raster into {} ...</source>
      <translation>Das Raster wird in {} kodiert ...</translation>
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
      <source>Estimates what Encode raster would do with the same parameters. It reports the number of patches, the disk space, memory and time, and the value range. It writes the patches as polygons, and a picture of the raster as the model will see it.

With a layer of example objects, it recommends the finest resolution and the largest stride at which enough of them lie completely in a patch. A table compares several resolutions and strides. The settings can be saved as a file for Encode raster.</source>
      <translation>Zeigt in Sekunden, was „Raster kodieren“ mit denselben Parametern täte: die Ausschnitte als Polygone, wie viele es sind, wie viel Plattenplatz, Speicher und Zeit sie brauchen, den Wertebereich und ein Bild des Rasters, wie das Modell es sehen wird.

Mit einem Layer von Beispielobjekten sagt es, wie diese in den Ausschnitten liegen, und empfiehlt die feinste Auflösung und die größte Schrittweite, bei denen genug von ihnen ganz in einem Ausschnitt liegen. Mehrere Auflösungen und Schrittweiten lassen sich in einer Tabelle vergleichen. Die Einstellungen können als Datei gespeichert werden, die „Raster kodieren“ annimmt.</translation>
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
      <source>Example {} ({}) is left out: it has no area, or nothing was found at its point</source>
      <translation>Beispiel {} ({}) entfällt: es hat keine Fläche, oder an seinem Punkt wurde nichts gefunden</translation>
    </message>
    <message>
      <source>Examples</source>
      <translation>Beispiele</translation>
    </message>
    <message>
      <source>Existing features</source>
      <translation>Merkmale eines früheren Laufs</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <source>F1 (0 to 1)</source>
      <translation>F1 (0 bis 1)</translation>
    </message>
    <message>
      <source>FEATURES ({}) is no feature folder and has none. Give the folders that Encode raster made, or the folder that they lie in.</source>
      <translation>FEATURES ({}) ist kein Merkmalordner und enthält keinen. Die Ordner angeben, die „Raster kodieren“ angelegt hat, oder den Ordner, in dem sie liegen.</translation>
    </message>
    <message>
      <source>FOLDER is a file ({}): name a new or empty folder</source>
      <translation>FOLDER ist eine Datei ({}): einen neuen oder leeren Ordner nennen</translation>
    </message>
    <message>
      <source>False alarms</source>
      <translation>Fehlalarme</translation>
    </message>
    <message>
      <source>Feature folder</source>
      <translation>Merkmalordner</translation>
    </message>
    <message>
      <source>Feature folders</source>
      <translation>Merkmalordner</translation>
    </message>
    <message>
      <source>Feature precision</source>
      <translation>Genauigkeit der Merkmale</translation>
    </message>
    <message>
      <source>Feature {} of {} has no place in the CRS of the features ({})</source>
      <translation>Objekt {} von {} hat keinen Ort im KBS der Merkmale ({})</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Merkmale</translation>
    </message>
    <message>
      <source>Features of the examples</source>
      <translation>Merkmalordner der Beispiele</translation>
    </message>
    <message>
      <source>Features of the raster</source>
      <translation>Merkmale des Rasters</translation>
    </message>
    <message>
      <source>Features without an area, which are left out: {}</source>
      <translation>Layerobjekte ohne Fläche, die entfallen: {}</translation>
    </message>
    <message>
      <source>Features without an area, which get no prompts: {}</source>
      <translation>Layerobjekte ohne Fläche, die keine Vorgaben bekommen: {}</translation>
    </message>
    <message>
      <source>Features without an area, which have no outline: {}</source>
      <translation>Layerobjekte ohne Fläche, die keinen Umriss haben: {}</translation>
    </message>
    <message>
      <source>Fetches an official model, if it is not there yet, encodes a raster with it, and turns a layer of points or boxes into polygons. What an earlier run fetched or encoded into the same folder is used again.</source>
      <translation>Holt ein amtliches Modell, wenn es noch nicht da ist, kodiert damit ein Raster und macht aus einem Layer von Punkten oder Rahmen Polygone. Was ein früherer Lauf geholt oder in denselben Ordner kodiert hat, wird wieder verwendet.</translation>
    </message>
    <message>
      <source>Fetching a Python with {} ...</source>
      <translation>Ein Python wird mit {} geholt ...</translation>
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
      <source>Figures</source>
      <translation>Kennzahlen</translation>
    </message>
    <message>
      <source>Fill holes up to (square meters)</source>
      <translation>Löcher füllen bis (Quadratmeter)</translation>
    </message>
    <message>
      <source>Finds all objects that a few English words name, or that look like examples, with SAM3. Several phrases are found in one run, and each becomes the class of its objects. Words with examples work best on aerial images, words alone are the weakest.

Examples are used on the patches that contain them. Objects that are found there become examples on the overlapping patches, and so on. A table counts the objects of each phrase, also of those that found nothing.</source>
      <translation>Findet mit SAM3 alle Objekte, die ein paar englische Wörter nennen oder die wie Beispiele aussehen. Mehrere Begriffe werden in einem Lauf gefunden, und jeder wird zur Klasse seiner Objekte. Wörter mit Beispielen wirken auf Luftbildern am besten, Wörter allein am schwächsten.

Beispiele werden auf den Ausschnitten benutzt, die sie enthalten. Objekte, die dort gefunden werden, werden zu Beispielen auf den überlappenden Ausschnitten, und so weiter. Eine Tabelle zählt die Objekte jedes Begriffs, auch derer, die nichts gefunden haben.</translation>
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
      <source>Folder of the shards</source>
      <translation>Ordner der Teile</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <source>Follows objects through rasters of several dates: lakes that grow and dry out, glaciers, fields, clearings. Each prompt is one object on one date; its outline on the other dates is derived from it.

On each date an object is seen, not seen (no data, such as masked clouds), or gone. The outputs have its outline, area and change on each date, its trend, and charts. Without feature folders, patches around the prompts are encoded and kept in the cache.</source>
      <translation>Verfolgt Objekte durch Raster mehrerer Zeitpunkte: Seen, die wachsen und austrocknen, Gletscher, Felder, Rodungen. Jede Vorgabe ist ein Objekt an einem Zeitpunkt; sein Umriss an den anderen Zeitpunkten wird daraus abgeleitet.

An jedem Zeitpunkt ist ein Objekt gesehen, nicht gesehen (keine Daten, etwa maskierte Wolken) oder verschwunden. Die Ausgaben enthalten seinen Umriss, seine Fläche und Änderung an jedem Zeitpunkt, seinen Trend und Diagramme. Ohne Merkmalordner werden Ausschnitte um die Vorgaben kodiert und im Zwischenspeicher aufgehoben.</translation>
    </message>
    <message>
      <source>For between, such as 3,3 for class 3. Both count.</source>
      <translation>Für between, etwa 3,3 für die Klasse 3. Beide Grenzen zählen mit.</translation>
    </message>
    <message>
      <source>For installation without a network: a folder with all packages, filled by pip download on a computer of the same kind. If not set, they are downloaded.</source>
      <translation>Zum Installieren ohne Netz: ein Ordner mit allen Paketen, den pip download auf einem gleichartigen Rechner gefüllt hat. Keiner: sie werden heruntergeladen.</translation>
    </message>
    <message>
      <source>For the estimate of the time, such as that of another computer. If not set, some patches are encoded now, if the model is available.</source>
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
      <source>Give ZOOM or RESOLUTION: the layer has no fixed size of pixels</source>
      <translation>ZOOM oder RESOLUTION angeben: der Layer hat keine eigene Pixelgröße</translation>
    </message>
    <message>
      <source>Give a feature folder</source>
      <translation>Einen Merkmalordner angeben</translation>
    </message>
    <message>
      <source>Give a feature folder or a raster, but not both</source>
      <translation>Einen Merkmalordner oder ein Raster angeben, nicht beides</translation>
    </message>
    <message>
      <source>Give a raster or a feature folder for every date</source>
      <translation>Für jeden Zeitpunkt ein Raster oder einen Merkmalordner angeben</translation>
    </message>
    <message>
      <source>Give a raster or a feature folder for the date {}</source>
      <translation>Ein Raster oder einen Merkmalordner für den Zeitpunkt {} angeben</translation>
    </message>
    <message>
      <source>Give a raster or a tile layer</source>
      <translation>Ein Raster oder einen Kachellayer angeben</translation>
    </message>
    <message>
      <source>Give a raster: its source is empty</source>
      <translation>Ein Raster angeben: seine Quelle ist leer</translation>
    </message>
    <message>
      <source>Give an output folder</source>
      <translation>Einen Ausgabeordner angeben</translation>
    </message>
    <message>
      <source>Give at least one prompt</source>
      <translation>Mindestens eine Vorgabe angeben</translation>
    </message>
    <message>
      <source>Give every kind of object a name</source>
      <translation>Jeder Art von Objekten einen Namen geben</translation>
    </message>
    <message>
      <source>Give the features of the rasters a cache</source>
      <translation>Den Merkmalen der Raster einen Zwischenspeicher geben</translation>
    </message>
    <message>
      <source>Give the folder of the shards</source>
      <translation>Den Ordner der Teile angeben</translation>
    </message>
    <message>
      <source>Give the layer a name</source>
      <translation>Dem Layer einen Namen geben</translation>
    </message>
    <message>
      <source>Give the live cache a folder</source>
      <translation>Dem Live-Zwischenspeicher einen Ordner geben</translation>
    </message>
    <message>
      <source>Give the tile layer a source</source>
      <translation>Dem Kachellayer eine Quelle geben</translation>
    </message>
    <message>
      <source>Give words or examples: nothing says what to look for</source>
      <translation>Wörter oder Beispiele angeben: nichts sagt, wonach gesucht werden soll</translation>
    </message>
    <message>
      <source>Give {} or {}, but not both</source>
      <translation>{} oder {} angeben, nicht beides</translation>
    </message>
    <message>
      <source>Group field</source>
      <translation>Gruppenfeld</translation>
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation>HTML-Dateien (*.html)</translation>
    </message>
    <message>
      <source>Holes of up to this area are filled. 0 fills none.</source>
      <translation>Löcher bis zu dieser Fläche werden gefüllt. 0: keine.</translation>
    </message>
    <message>
      <source>How far a patch is from the next. None: half a patch of the model, which lets every object of up to that size lie whole in some patch; smaller ones take longer.</source>
      <translation>Wie weit ein Ausschnitt vom nächsten entfernt ist. Keine: ein halber Ausschnitt des Modells, sodass jedes Objekt bis zu dieser Größe ganz in irgendeinem liegt; kleinere dauern länger.</translation>
    </message>
    <message>
      <source>How far an outline may move, on the ground. If not set, 2.5 pixels of the raster or of the field resolution_m, or 1 m without.</source>
      <translation>Wie weit sich ein Umriss am Boden bewegen darf. Wenn nicht angegeben, 2,5 Pixel des Rasters oder des Feldes resolution_m, ohne diese 1 m.</translation>
    </message>
    <message>
      <source>How far an outline may move. If not set, 2.5 pixels.</source>
      <translation>Wie weit sich ein Umriss bewegen darf. Wenn nicht angegeben, 2,5 Pixel.</translation>
    </message>
    <message>
      <source>How far outlines may be apart for boundary F1. If not set, a twentieth of the side of the median reference.</source>
      <translation>Wie weit Umrisse für das Umriss-F1 auseinander liegen dürfen. Wenn nicht angegeben, ein Zwanzigstel der Seite der mittleren Referenz (Median).</translation>
    </message>
    <message>
      <source>How many patches go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation>Wie viele Ausschnitte zugleich durch das Modell gehen. 0 wählt nach dem freien Speicher.</translation>
    </message>
    <message>
      <source>How many points go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation>Wie viele Punkte zugleich durch das Modell gehen. 0 wählt nach dem freien Speicher.</translation>
    </message>
    <message>
      <source>How many prompts go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation>Wie viele Vorgaben zugleich durch das Modell gehen. 0 wählt nach dem freien Speicher.</translation>
    </message>
    <message>
      <source>How outlines are drawn: buildings with straight walls and right angles, fields with straight borders that neighbors share, curves smooth, as for ponds and tree crowns.</source>
      <translation>Wie Umrisse gezeichnet werden: Gebäude mit geraden Wänden und rechten Winkeln, Felder mit geraden Grenzen, die Nachbarn gemeinsam haben, Kurven glatt, wie bei Teichen und Baumkronen.</translation>
    </message>
    <message>
      <source>INPUTS ({}) is not a raster. Give raster layers only.</source>
      <translation>INPUTS ({}) ist kein Raster. Nur Rasterlayer angeben.</translation>
    </message>
    <message>
      <source>If checked, a file with the model's name that is not the official one is replaced. If unchecked, it is an error.</source>
      <translation>Ein: eine Datei mit dem Namen des Modells, die nicht die amtliche ist, wird ersetzt. Aus: das ist ein Fehler.</translation>
    </message>
    <message>
      <source>If checked, an object in several parts keeps only the largest one.</source>
      <translation>Ein: von einer Maske aus mehreren Stücken wird nur das größte zum Polygon.</translation>
    </message>
    <message>
      <source>If checked, each file is read, which takes a second for large ones. If unchecked, verified stays empty.</source>
      <translation>Ein: jede vorhandene Datei wird gelesen; eine Sekunde für die großen. Aus: verified bleibt leer.</translation>
    </message>
    <message>
      <source>If set, the chips of all folders are copied there. If not set, the shards have to lie in one folder, which becomes the feature folder.</source>
      <translation>Wenn angegeben, werden die Chips aller Ordner dorthin kopiert. Wenn nicht angegeben, müssen die Teile in einem Ordner liegen, der zum Merkmalordner wird.</translation>
    </message>
    <message>
      <source>If set, this uv downloads a Python even if this computer has a suitable one. If not set, uv is used only if no Python is suitable: the one on the path, or one from pip.</source>
      <translation>Wenn angegeben, bringt es das Python, was auch immer auf diesem Rechner ist. Keines: uv dient nur dort, wo kein Python passt: das im Suchpfad, sonst eines, das pip holt.</translation>
    </message>
    <message>
      <source>If there are more patches, only the first ones become polygons. The numbers include all patches.</source>
      <translation>Von mehr Ausschnitten werden nur die ersten zu Polygonen. Die Zahlen gelten für alle.</translation>
    </message>
    <message>
      <source>If unchecked, a missing patch is an error, which names the shards to run again.</source>
      <translation>Wenn nicht aktiviert, ist ein fehlender Ausschnitt ein Fehler, der die erneut auszuführenden Teile nennt.</translation>
    </message>
    <message>
      <source>If unchecked, a working engine that is up to date stays as it is.</source>
      <translation>Aus: eine Engine, die läuft und aktuell ist, bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>If unchecked, computation runs on the CPU.</source>
      <translation>Aus: der Prozessor rechnet, auch wenn eine GPU es könnte.</translation>
    </message>
    <message>
      <source>If unchecked, each object ends where its patch ends.</source>
      <translation>Wenn nicht aktiviert, endet jedes Objekt, wo sein Ausschnitt endet.</translation>
    </message>
    <message>
      <source>If unchecked, examples count only in the patches that show them.</source>
      <translation>Wenn nicht aktiviert, zählen Beispiele nur in den Ausschnitten, die sie zeigen.</translation>
    </message>
    <message>
      <source>If unchecked, no answers are written to the feature folder or the cache, and every run asks all points again.</source>
      <translation>Wenn nicht aktiviert, werden keine Antworten in den Merkmalordner oder den Zwischenspeicher geschrieben, und jeder Lauf fragt alle Punkte neu ab.</translation>
    </message>
    <message>
      <source>If unchecked, patches without data are skipped.</source>
      <translation>Aus: Ausschnitte, die ganz ohne Daten sind, werden übersprungen.</translation>
    </message>
    <message>
      <source>In bfloat16 this processor would encode about three times as fast (precision of the computation). What that costs the masks of {} is not measured yet; benchmarks/precision.py measures it</source>
      <translation>In bfloat16 würde dieser Prozessor etwa dreimal so schnell kodieren (Rechengenauigkeit). Was das die Masken von {} kostet, ist noch nicht gemessen; benchmarks/precision.py misst es</translation>
    </message>
    <message>
      <source>In the cache</source>
      <translation>Im Zwischenspeicher</translation>
    </message>
    <message>
      <source>In the order red, green, blue, such as 3;2;1, the same for all rasters. If not set, the first one to three.</source>
      <translation>In der Reihenfolge Rot, Grün, Blau, etwa 3;2;1, für alle Raster gleich. Wenn nicht angegeben, die ersten ein bis drei.</translation>
    </message>
    <message>
      <source>In units of the band, such as 0.1 for a water index, or 2 for heights in meters. If not set, Otsu's method chooses it, which suits bands with two kinds of values.</source>
      <translation>In Einheiten des Kanals, etwa 0.1 für einen Wasserindex oder 2 für Höhen in Metern. Wenn nicht angegeben, der Schwellenwert nach Otsu, der zu Kanälen mit zwei Arten von Werten passt.</translation>
    </message>
    <message>
      <source>Index of the chosen build, such as a mirror, or https://download.pytorch.org/whl/cu126 for an older driver. If not set, PyTorch's index is used; other packages come from pip's configured index (PIP_INDEX_URL).</source>
      <translation>Wo die gewählte Variante zu finden ist, etwa ein Spiegelserver, oder https://download.pytorch.org/whl/cu126 für einen älteren Treiber. Keines: das von PyTorch. Alles andere kommt aus dem Verzeichnis, auf das pip eingestellt ist (PIP_INDEX_URL).</translation>
    </message>
    <message>
      <source>Install again</source>
      <translation>Neu anlegen, auch wenn sie aktuell ist</translation>
    </message>
    <message>
      <source>Install engine</source>
      <translation>Engine installieren</translation>
    </message>
    <message>
      <source>Installing the engine's packages ...</source>
      <translation>Die Pakete der Engine werden installiert ...</translation>
    </message>
    <message>
      <source>Installing the models' packages ...</source>
      <translation>Die Pakete der Modelle werden installiert ...</translation>
    </message>
    <message>
      <source>Installing the packages of {} ...</source>
      <translation>Die Pakete von {} werden installiert ...</translation>
    </message>
    <message>
      <source>Installing {} ({}) ...</source>
      <translation>{} wird installiert ({}) ...</translation>
    </message>
    <message>
      <source>Installing {} ...</source>
      <translation>{} wird installiert ...</translation>
    </message>
    <message>
      <source>Installs PyTorch and its dependencies in a separate Python environment in your QGIS profile. Run it once, and again after an update of the plugin.

It downloads about 200 MB and takes 2 GB on the disk; with CUDA, 3 GB and 7 GB. An interrupted installation continues in the next run. The previous engine stays in use until the new one works.</source>
      <translation>Legt die Umgebung an, in der die Modelle von GeoSAM laufen: PyTorch und was dazugehört, getrennt vom Python von QGIS, im Ordner des QGIS-Profils. Einmal ausführen, und wieder nach einem Update der Erweiterung; ist alles aktuell, ist es sofort fertig.

Es lädt etwa 200 MB herunter und belegt 2 GB, mit CUDA 3 GB und 7 GB. Abgebrochen, geht es beim nächsten Mal weiter. Eine vorhandene Engine bleibt in Gebrauch, bis sich die neue bewährt hat.</translation>
    </message>
    <message>
      <source>Instead of a layer of patches: the folder that Encode raster or Geo-SAM made.</source>
      <translation>Statt eines Layers der Ausschnitte: der Ordner, den „Raster kodieren“ oder Geo-SAM angelegt hat.</translation>
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
      <source>Instead of a raster: each feature is an object.</source>
      <translation>Statt eines Rasters: jedes Layerobjekt ist ein Objekt.</translation>
    </message>
    <message>
      <source>Instead of a stride: the share of a patch that the next one covers again. 50 is a stride of half a patch.</source>
      <translation>Statt einer Schrittweite: wie viel von der Breite eines Ausschnitts der nächste noch einmal bedeckt. 50 ist eine Schrittweite von einem halben Ausschnitt.</translation>
    </message>
    <message>
      <source>Instead of a target resolution: the new pixel size as a multiple of the raster's. With 2, patches cover four times the area.</source>
      <translation>Statt einer Zielauflösung: wievielmal so breit wie die Pixel des Rasters die neuen sind. 2 für Ausschnitte, die die vierfache Fläche bedecken.</translation>
    </message>
    <message>
      <source>Instead of features: each patch is encoded and asked, and its features are not kept. For a raster whose features would fill the disk. Of a tile layer the extent or the area to search is fetched first.</source>
      <translation>Statt der Merkmale: jeder Ausschnitt wird kodiert und abgefragt, und seine Merkmale werden nicht aufgehoben. Für ein Raster, dessen Merkmale den Datenträger füllen würden. Von einem Kachellayer wird zuerst die Ausdehnung oder das Suchgebiet abgerufen.</translation>
    </message>
    <message>
      <source>Instead of rasters: a folder that Encode raster made for each date, its manifest.parquet, or the folder that all of them lie in.</source>
      <translation>Statt der Raster: für jeden Zeitpunkt ein Ordner, den „Raster kodieren“ angelegt hat, seine manifest.parquet, oder der Ordner, in dem alle liegen.</translation>
    </message>
    <message>
      <source>Invalid BANDS ({}): give up to three band numbers, such as 3;2;1</source>
      <translation>Ungültiges BANDS ({}): bis zu drei Kanalnummern angeben, etwa 3;2;1</translation>
    </message>
    <message>
      <source>Invalid COMPARE_RESOLUTIONS ({} m): each must be above 0</source>
      <translation>Ungültiges COMPARE_RESOLUTIONS ({} m): jede muss über 0 liegen</translation>
    </message>
    <message>
      <source>Invalid CRS ({}): give EPSG:n with a code that exists, or WKT</source>
      <translation>Ungültiges KBS ({}): EPSG:n mit einer Nummer, die es gibt, oder WKT angeben</translation>
    </message>
    <message>
      <source>Invalid CUDA device index ({}): it counts from 0</source>
      <translation>Ungültige Nummer des CUDA-Geräts ({}): gezählt wird ab 0</translation>
    </message>
    <message>
      <source>Invalid CUDA device index ({}): valid values are 0 to {} on this machine</source>
      <translation>Ungültige Nummer des CUDA-Geräts ({}): gültige Werte auf diesem Rechner sind 0 bis {}</translation>
    </message>
    <message>
      <source>Invalid DATE_FIELD ({}). The fields of PROMPTS are {}.</source>
      <translation>Ungültiges DATE_FIELD ({}). Die Felder von PROMPTS sind {}.</translation>
    </message>
    <message>
      <source>Invalid IoU of a match ({}). Give a value above 0 and up to 1.</source>
      <translation>Ungültige IoU eines Treffers ({}). Einen Wert über 0 und bis 1 angeben.</translation>
    </message>
    <message>
      <source>Invalid MARGIN ({}): give 0 or more pixels</source>
      <translation>Ungültiges MARGIN ({}): 0 oder mehr Pixel angeben</translation>
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
      <source>Invalid RANGE ({}): give a minimum and a maximum with a point for decimals and a comma between them, such as 0,3000 or 0.05,0.3</source>
      <translation>Ungültiges RANGE ({}): Minimum und Maximum angeben, mit einem Punkt vor den Dezimalstellen und einem Komma dazwischen, etwa 0,3000 oder 0.05,0.3</translation>
    </message>
    <message>
      <source>Invalid RASTER ({}): it is a GeoTIFF, so let it end in .tif</source>
      <translation>Ungültiges RASTER ({}): es ist ein GeoTIFF und muss auf .tif enden</translation>
    </message>
    <message>
      <source>Invalid RESOLUTION ({}): give meters above 0</source>
      <translation>Ungültiges RESOLUTION ({}): Meter über 0 angeben</translation>
    </message>
    <message>
      <source>Invalid RETRIES ({}): give 0 or more</source>
      <translation>Ungültiges RETRIES ({}): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid SCALES ({}): give whole numbers separated by commas, such as 1,2,4</source>
      <translation>Ungültiges SCALES ({}): durch Komma getrennte ganze Zahlen angeben, etwa 1,2,4</translation>
    </message>
    <message>
      <source>Invalid SECONDS_PER_PATCH ({} s): it must be above 0</source>
      <translation>Ungültiges SECONDS_PER_PATCH ({} s): es muss über 0 liegen</translation>
    </message>
    <message>
      <source>Invalid SHARE ({} %): valid values are above 0 to 100</source>
      <translation>Ungültiges SHARE ({} %): gültige Werte liegen über 0 und bis 100</translation>
    </message>
    <message>
      <source>Invalid SPACING ({}): valid values are {} to {} pixels</source>
      <translation>Ungültiges SPACING ({}): gültige Werte sind {} bis {} Pixel</translation>
    </message>
    <message>
      <source>Invalid TORCH ({}): choose one of {}</source>
      <translation>Ungültiges TORCH ({}): eines wählen von {}</translation>
    </message>
    <message>
      <source>Invalid ZOOM ({}): valid values for the layer {} are {} to {}</source>
      <translation>Ungültiges ZOOM ({}): gültige Werte für den Layer {} sind {} bis {}</translation>
    </message>
    <message>
      <source>Invalid acceptable time ({} minutes): give 0 or more</source>
      <translation>Ungültige annehmbare Dauer ({} Minuten): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid agreement ({}): give a value above 0 and up to 1</source>
      <translation>Ungültige Übereinstimmung ({}): einen Wert über 0 und bis 1 angeben</translation>
    </message>
    <message>
      <source>Invalid band number ({}): bands count from 1</source>
      <translation>Ungültige Kanalnummer ({}): Kanäle werden ab 1 gezählt</translation>
    </message>
    <message>
      <source>Invalid band number ({}): valid values for the input raster are 1 to {}</source>
      <translation>Ungültige Kanalnummer ({}): gültige Werte für das Raster sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid band number for BANDS ({}): valid values for the input raster are 1 to {}</source>
      <translation>Ungültige Kanalnummer in BANDS ({}): gültige Werte für das Raster sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid bands ({}): a model takes up to 3 bands</source>
      <translation>Ungültige Kanäle ({}): ein Modell nimmt bis zu 3 Kanäle</translation>
    </message>
    <message>
      <source>Invalid batch size ({}): give 1 or more, or 0 to let GeoSAM choose</source>
      <translation>Ungültige Stapelgröße ({}): 1 oder mehr angeben, oder 0, damit GeoSAM sie wählt</translation>
    </message>
    <message>
      <source>Invalid boundary tolerance ({} m). Give a value above 0.</source>
      <translation>Ungültige Toleranz der Umrisse ({} m). Einen Wert über 0 angeben.</translation>
    </message>
    <message>
      <source>Invalid box of object {} ({}): give minima that are not above its maxima</source>
      <translation>Ungültiger Rahmen des Objekts {} ({}): Minima angeben, die nicht über den Maxima liegen</translation>
    </message>
    <message>
      <source>Invalid cache size ({} MB): give 0 or more</source>
      <translation>Ungültige Größe des Zwischenspeichers ({} MB): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid change of areas ({} %). Give 0 to {} percent.</source>
      <translation>Ungültige Flächenänderung ({} %). 0 bis {} Prozent angeben.</translation>
    </message>
    <message>
      <source>Invalid cluster ({}): give the address of a Dask scheduler, such as tcp://192.168.0.10:8786, or local, or local:4 for 4 processes on this computer</source>
      <translation>Ungültiger Cluster ({}): die Adresse eines Dask-Schedulers angeben, etwa tcp://192.168.0.10:8786, oder local, oder local:4 für 4 Prozesse auf diesem Rechner</translation>
    </message>
    <message>
      <source>Invalid cluster ({}): it is not on this computer</source>
      <translation>Ungültiger Cluster ({}): er ist nicht auf diesem Rechner</translation>
    </message>
    <message>
      <source>Invalid date ({}): give year, month and day, such as 2014-07-01</source>
      <translation>Ungültiges Datum ({}): Jahr, Monat und Tag angeben, etwa 2014-07-01</translation>
    </message>
    <message>
      <source>Invalid date ({}): write year, month and day, such as 2019-07-21</source>
      <translation>Ungültiges Datum ({}): Jahr, Monat und Tag schreiben, etwa 2019-07-21</translation>
    </message>
    <message>
      <source>Invalid date pattern ({}): it has no year. Use %Y, or a group named year</source>
      <translation>Ungültiges Datumsmuster ({}): es hat kein Jahr. %Y benutzen, oder eine Gruppe namens year</translation>
    </message>
    <message>
      <source>Invalid date pattern ({}): it has the group {}. Groups are {}</source>
      <translation>Ungültiges Datumsmuster ({}): es hat die Gruppe {}. Gruppen sind {}</translation>
    </message>
    <message>
      <source>Invalid date pattern ({}): the code %{} is not known. Codes are {}</source>
      <translation>Ungültiges Datumsmuster ({}): der Code %{} ist nicht bekannt. Codes sind {}</translation>
    </message>
    <message>
      <source>Invalid date pattern ({}): {}. Use codes such as %Y%m%d, or a regular expression such as (?P&lt;year&gt;\d{{4}})</source>
      <translation>Ungültiges Datumsmuster ({}): {}. Codes wie %Y%m%d benutzen, oder einen regulären Ausdruck wie (?P&lt;year&gt;\d{{4}})</translation>
    </message>
    <message>
      <source>Invalid distance between maxima ({} m): give meters above 0</source>
      <translation>Ungültiger Abstand der Maxima ({} m): Meter über 0 angeben</translation>
    </message>
    <message>
      <source>Invalid distance to the edges of patches ({}): give a value above 0</source>
      <translation>Ungültiger Abstand zu den Rändern der Ausschnitte ({}): einen Wert über 0 angeben</translation>
    </message>
    <message>
      <source>Invalid extent ({}): give finite coordinates</source>
      <translation>Ungültige Ausdehnung ({}): endliche Koordinaten angeben</translation>
    </message>
    <message>
      <source>Invalid flush interval ({}): at least 1</source>
      <translation>Ungültiger Schreibabstand ({}): mindestens 1</translation>
    </message>
    <message>
      <source>Invalid label ({}) of feature {} of {}: use 1 for examples and 0 for counterexamples</source>
      <translation>Ungültige Kennzeichnung ({}) des Objekts {} von {}: 1 für Beispiele und 0 für Gegenbeispiele nehmen</translation>
    </message>
    <message>
      <source>Invalid label ({}) of prompt {}: use 1 for foreground and 0 for background</source>
      <translation>Ungültige Kennzeichnung ({}) der Vorgabe {}: 1 für Vordergrund und 0 für Hintergrund nehmen</translation>
    </message>
    <message>
      <source>Invalid label ({}): use 1 for foreground and 0 for background</source>
      <translation>Ungültige Kennzeichnung ({}): 1 für Vordergrund und 0 für Hintergrund nehmen</translation>
    </message>
    <message>
      <source>Invalid maximum area ({} m2): give 0 for no limit, or at least the minimum ({} m2)</source>
      <translation>Ungültige Höchstfläche ({} m2): 0 für keine Grenze angeben, oder mindestens die Mindestfläche ({} m2)</translation>
    </message>
    <message>
      <source>Invalid minimum area ({} m2): give 0 or more</source>
      <translation>Ungültige Mindestfläche ({} m2): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid minimum contrast ({}): valid values are 0 to 255</source>
      <translation>Ungültiger Mindestkontrast ({}): gültige Werte sind 0 bis 255</translation>
    </message>
    <message>
      <source>Invalid minimum score ({}): valid values are 0 to 1</source>
      <translation>Ungültige Mindestgüte ({}): gültige Werte sind 0 bis 1</translation>
    </message>
    <message>
      <source>Invalid number of attempts ({}): valid values are 1 to {}</source>
      <translation>Ungültige Zahl der Versuche ({}): gültige Werte sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid number of memories ({}): valid values are 1 to {}</source>
      <translation>Ungültige Zahl der Gedächtniseinträge ({}): gültige Werte sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid number of processes ({}): valid values are 1 to {}</source>
      <translation>Ungültige Zahl der Prozesse ({}): gültige Werte sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid number of shards ({}): valid values are 1 to {}</source>
      <translation>Ungültige Zahl der Teile ({}): gültige Werte sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid number of {} ({}): give {} to {}</source>
      <translation>Ungültige Anzahl, {} ({}): {} bis {} angeben</translation>
    </message>
    <message>
      <source>Invalid overlap ({} %): valid values are 0 to below 100</source>
      <translation>Ungültige Überlappung ({} %): gültige Werte liegen von 0 bis unter 100</translation>
    </message>
    <message>
      <source>Invalid percentile cut ({} %): valid values are 0 to below 50</source>
      <translation>Ungültiger Perzentilschnitt ({} %): gültige Werte liegen von 0 bis unter 50</translation>
    </message>
    <message>
      <source>Invalid range of values ({} to {}): give the smaller value first</source>
      <translation>Ungültiger Wertebereich ({} bis {}): den kleineren Wert zuerst angeben</translation>
    </message>
    <message>
      <source>Invalid resolution ({} m): give more than 0</source>
      <translation>Ungültige Auflösung ({} m): mehr als 0 angeben</translation>
    </message>
    <message>
      <source>Invalid resolution ({} m): it must be above 0</source>
      <translation>Ungültige Auflösung ({} m): sie muss über 0 liegen</translation>
    </message>
    <message>
      <source>Invalid resolution ({}): it must be above 0</source>
      <translation>Ungültige Auflösung ({}): sie muss über 0 liegen</translation>
    </message>
    <message>
      <source>Invalid resolution scale ({}): give a number above 0, and no resolution as well</source>
      <translation>Ungültiger Faktor der Auflösung ({}): eine Zahl über 0 angeben, und nicht zugleich eine Auflösung</translation>
    </message>
    <message>
      <source>Invalid scales ({}): give rising whole numbers of which the first is 1 and the last up to {}, such as 1,2,4</source>
      <translation>Ungültige Maßstäbe ({}): steigende ganze Zahlen angeben, deren erste 1 und deren letzte höchstens {} ist, etwa 1,2,4</translation>
    </message>
    <message>
      <source>Invalid shard ({}): give the number of a part and the number of all parts, such as 3/16</source>
      <translation>Ungültiger Teil ({}): die Nummer eines Teils und die Zahl aller Teile angeben, etwa 3/16</translation>
    </message>
    <message>
      <source>Invalid shard ({}/{}): the first number is 1 to {}</source>
      <translation>Ungültiger Teil ({}/{}): die erste Zahl ist 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid size limits ({}). Give areas in square meters above 0, each larger than the one before.</source>
      <translation>Ungültige Größengrenzen ({}). Flächen in Quadratmetern über 0 angeben, jede größer als die davor.</translation>
    </message>
    <message>
      <source>Invalid spacing of points ({}): valid values are {} to {} pixels</source>
      <translation>Ungültiger Abstand der Punkte ({}): gültige Werte sind {} bis {} Pixel</translation>
    </message>
    <message>
      <source>Invalid stride ({}): valid values are 1 to {} pixels</source>
      <translation>Ungültige Schrittweite ({}): gültige Werte sind 1 bis {} Pixel</translation>
    </message>
    <message>
      <source>Invalid stride to compare ({}): valid values are 1 to {} pixels</source>
      <translation>Ungültige zu vergleichende Schrittweite ({}): gültige Werte sind 1 bis {} Pixel</translation>
    </message>
    <message>
      <source>Invalid threshold ({}): give a number</source>
      <translation>Ungültiger Schwellenwert ({}): eine Zahl angeben</translation>
    </message>
    <message>
      <source>Invalid tolerance of outlines ({} m). Give meters above 0.</source>
      <translation>Ungültige Toleranz der Umrisse ({} m). Meter über 0 angeben.</translation>
    </message>
    <message>
      <source>Invalid value range ({}, {}): the minimum must be below the maximum</source>
      <translation>Ungültiger Wertebereich ({}, {}): das Minimum muss unter dem Maximum liegen</translation>
    </message>
    <message>
      <source>Invalid width of gaps ({} m). Give 0 up to the tolerance ({} m), or a larger tolerance.</source>
      <translation>Ungültige Breite der Lücken ({} m). 0 bis zur Toleranz ({} m) angeben, oder eine größere Toleranz.</translation>
    </message>
    <message>
      <source>Invalid {} ({}) in SETTINGS ({}): correct the file, or give {}</source>
      <translation>Ungültiges {} ({}) in SETTINGS ({}): die Datei berichtigen oder {} angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}). Give areas separated by commas, such as 50,200.</source>
      <translation>Ungültiges {} ({}). Durch Komma getrennte Flächen angeben, etwa 50,200.</translation>
    </message>
    <message>
      <source>Invalid {} ({}). The fields of DATE_TABLE are {}.</source>
      <translation>Ungültiges {} ({}). Die Felder von DATE_TABLE sind {}.</translation>
    </message>
    <message>
      <source>Invalid {} ({}): a layer among others is written to ogr:dbname='{}' table="{}" (geom)</source>
      <translation>Ungültiges {} ({}): ein Layer neben anderen wird nach ogr:dbname='{}' table="{}" (geom) geschrieben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): choose one of {}</source>
      <translation>Ungültiges {} ({}): eines wählen von {}</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give 0 or more</source>
      <translation>Ungültiges {} ({}): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give a file, a GeoDataFrame, points (x, y), boxes (xmin, ymin, xmax, ymax) or geometries</source>
      <translation>Ungültiges {} ({}): eine Datei, ein GeoDataFrame, Punkte (x, y), Rahmen (xmin, ymin, xmax, ymax) oder Geometrien angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give a number</source>
      <translation>Ungültiges {} ({}): eine Zahl angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give numbers separated by commas</source>
      <translation>Ungültiges {} ({}): durch Komma getrennte Zahlen angeben</translation>
    </message>
    <message>
      <source>Invalid {} ({}): give the size of the live cache as a whole number of megabytes, 0 for no cache</source>
      <translation>Ungültiges {} ({}): die Größe des Live-Zwischenspeichers als ganze Zahl in Megabyte angeben, 0 für keinen Zwischenspeicher</translation>
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
      <source>Invalid {} ({}): the patches of {} are {} pixels wide, so there would be gaps between them; valid values are 1 to {}</source>
      <translation>Ungültiges {} ({}): die Ausschnitte von {} sind {} Pixel breit, dazwischen blieben Lücken; gültige Werte sind 1 bis {}</translation>
    </message>
    <message>
      <source>Invalid {} ({}): valid values are 0 to 1</source>
      <translation>Ungültiges {} ({}): gültige Werte sind 0 bis 1</translation>
    </message>
    <message>
      <source>Invalid {} area ({} m2): give 0 or more</source>
      <translation>Ungültige Fläche, {} ({} m2): 0 oder mehr angeben</translation>
    </message>
    <message>
      <source>Is added to the padding in percent.</source>
      <translation>Kommt zum Zuschlag in Prozent hinzu.</translation>
    </message>
    <message>
      <source>It differs from its surroundings in another way (likeness {}, minimum {})</source>
      <translation>Es unterscheidet sich anders von seiner Umgebung (Ähnlichkeit {}, mindestens {})</translation>
    </message>
    <message>
      <source>It is not encoded</source>
      <translation>Es ist nicht kodiert</translation>
    </message>
    <message>
      <source>It lies outside every patch, or none holds all its points</source>
      <translation>Es liegt außerhalb aller Ausschnitte, oder keiner enthält alle seine Punkte</translation>
    </message>
    <message>
      <source>It lies outside every patch: encode an extent that holds it</source>
      <translation>Es liegt außerhalb aller Ausschnitte: eine Ausdehnung kodieren, die es enthält</translation>
    </message>
    <message>
      <source>It lies outside the raster: check its coordinates and their CRS</source>
      <translation>Es liegt außerhalb des Rasters: seine Koordinaten und deren KBS prüfen</translation>
    </message>
    <message>
      <source>Its area ({} m2) is below the minimum ({} m2): lower that, or place the prompt better</source>
      <translation>Seine Fläche ({} m2) liegt unter der Mindestfläche ({} m2): diese senken, oder die Vorgabe besser setzen</translation>
    </message>
    <message>
      <source>Its contrast ({}) is below the minimum ({})</source>
      <translation>Sein Kontrast ({}) liegt unter dem Mindestkontrast ({})</translation>
    </message>
    <message>
      <source>Its contrast ({}) is below the minimum ({}): lower that, or place the prompt better</source>
      <translation>Sein Kontrast ({}) liegt unter dem Mindestkontrast ({}): diesen senken, oder die Vorgabe besser setzen</translation>
    </message>
    <message>
      <source>Its file is damaged</source>
      <translation>Seine Datei ist beschädigt</translation>
    </message>
    <message>
      <source>Its file is missing</source>
      <translation>Seine Datei fehlt</translation>
    </message>
    <message>
      <source>Its mask could not be made a polygon ({}): please report this</source>
      <translation>Aus seiner Maske ließ sich kein Polygon machen ({}): bitte melden</translation>
    </message>
    <message>
      <source>Its overlap with the last outline ({}) is below the minimum ({})</source>
      <translation>Seine Überlappung mit dem letzten Umriss ({}) liegt unter der Mindestüberlappung ({})</translation>
    </message>
    <message>
      <source>Its patch has no data</source>
      <translation>Sein Ausschnitt hat keine Daten</translation>
    </message>
    <message>
      <source>Its patch has no data: move it, or check the raster's nodata value and BANDS</source>
      <translation>Sein Ausschnitt hat keine Daten: die Vorgabe verschieben, oder den Nodata-Wert des Rasters und BANDS prüfen</translation>
    </message>
    <message>
      <source>Its score ({}) is below the minimum ({})</source>
      <translation>Seine Güte ({}) liegt unter der Mindestgüte ({})</translation>
    </message>
    <message>
      <source>Its score ({}) is below the minimum ({}): lower that, or place the prompt better</source>
      <translation>Seine Güte ({}) liegt unter der Mindestgüte ({}): diese senken, oder die Vorgabe besser setzen</translation>
    </message>
    <message>
      <source>KEEP of a shard counts when the shards are merged</source>
      <translation>KEEP eines Teils gilt, wenn die Teile zusammengeführt werden</translation>
    </message>
    <message>
      <source>Keep answers to continue</source>
      <translation>Antworten zum Fortsetzen aufheben</translation>
    </message>
    <message>
      <source>Keep concept features</source>
      <translation>Merkmale für Wörter und Beispiele aufheben</translation>
    </message>
    <message>
      <source>Label field</source>
      <translation>Feld mit Vorder- und Hintergrund</translation>
    </message>
    <message>
      <source>Label of the examples</source>
      <translation>Kennzeichnung der Beispiele</translation>
    </message>
    <message>
      <source>Lakes</source>
      <translation>Seen</translation>
    </message>
    <message>
      <source>Lakes from an index</source>
      <translation>Seen aus einem Index</translation>
    </message>
    <message>
      <source>Larger objects are left out. 0 is no limit.</source>
      <translation>Größere Objekte entfallen. 0 ist keine Grenze.</translation>
    </message>
    <message>
      <source>Larger objects get no prompts. 0: no limit.</source>
      <translation>Größere Objekte bekommen keine Vorgaben. 0: keine Grenze.</translation>
    </message>
    <message>
      <source>Largest area change (percent)</source>
      <translation>Größte Flächenänderung (Prozent)</translation>
    </message>
    <message>
      <source>Largest part only</source>
      <translation>Nur den größten Teil behalten</translation>
    </message>
    <message>
      <source>Largest size of the cache (megabytes)</source>
      <translation>Höchste Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Layer for pruning</source>
      <translation>Layer zum Eingrenzen</translation>
    </message>
    <message>
      <source>Less similar objects are left out. Similarities of different runs cannot be compared.</source>
      <translation>Weniger ähnliche Objekte entfallen. Ähnlichkeiten verschiedener Läufe lassen sich nicht vergleichen.</translation>
    </message>
    <message>
      <source>List models</source>
      <translation>Modelle auflisten</translation>
    </message>
    <message>
      <source>Lists all models with their purpose, size, license and download status, the path of each file, and whether it is the official one.</source>
      <translation>Macht eine Tabelle aller Modelle: wofür sie gut sind, wie groß sie sind, ihre Lizenz, ob und wohin sie heruntergeladen sind und ob die Datei die amtliche ist.</translation>
    </message>
    <message>
      <source>Loaded {} from {} to {}</source>
      <translation>{} aus {} auf {} geladen</translation>
    </message>
    <message>
      <source>Looks at a few example objects, finds the resolution and the stride at which objects like them lie whole in a patch, and encodes the raster so. The features are then ready for Segment from prompts.</source>
      <translation>Sieht sich einige Beispielobjekte an, findet die Auflösung und die Schrittweite, bei denen Objekte wie diese ganz in einem Ausschnitt liegen, und kodiert das Raster so. Die Merkmale sind dann bereit für „Nach Vorgaben segmentieren“.</translation>
    </message>
    <message>
      <source>MASK ({}) has no polygons. Give a layer that has some</source>
      <translation>MASK ({}) hat keine Polygone. Einen Layer angeben, der welche hat</translation>
    </message>
    <message>
      <source>Making the engine's environment {} with {} ...</source>
      <translation>Die Umgebung der Engine {} wird mit {} angelegt ...</translation>
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
      <source>Masks that change more when they are cut a little tighter or looser are dropped. If not set, the value that suits the model: 0.95 for SAM and SAM2, 0.75 for geosam_nano.</source>
      <translation>Masken, die sich stärker ändern, wenn sie etwas enger oder weiter geschnitten werden, entfallen. Wenn nicht angegeben, der Wert, der zum Modell passt: 0,95 für SAM und SAM2, 0,75 für geosam_nano.</translation>
    </message>
    <message>
      <source>Masks with a lower score, as the model estimates it, are dropped. If not set, the value that suits the model: 0.88 for SAM, 0.8 for SAM2, 0.5 for geosam_nano.</source>
      <translation>Masken, die das Modell geringer bewertet, entfallen. Wenn nicht angegeben, der Wert, der zum Modell passt: 0,88 für SAM, 0,8 für SAM2, 0,5 für geosam_nano.</translation>
    </message>
    <message>
      <source>Matches</source>
      <translation>Treffer</translation>
    </message>
    <message>
      <source>Maxima are those of a raster: give one, or take the regions of the polygons</source>
      <translation>Maxima sind die eines Rasters: eines angeben, oder die Regionen der Polygone nehmen</translation>
    </message>
    <message>
      <source>Maximum area (square meters)</source>
      <translation>Höchstfläche (Quadratmeter)</translation>
    </message>
    <message>
      <source>Maximum number of tiles</source>
      <translation>Höchstzahl abzurufender Kacheln</translation>
    </message>
    <message>
      <source>Maximum patches per object</source>
      <translation>Ausschnitte je Objekt, höchstens</translation>
    </message>
    <message>
      <source>Maximum patches to draw</source>
      <translation>Höchstzahl gezeichneter Ausschnitte</translation>
    </message>
    <message>
      <source>Mean IoU of the matches (0 to 1)</source>
      <translation>Mittlere IoU der Treffer (0 bis 1)</translation>
    </message>
    <message>
      <source>Mean boundary distance (meters)</source>
      <translation>Mittlerer Umrissabstand (Meter)</translation>
    </message>
    <message>
      <source>Mean shift to the east (meters)</source>
      <translation>Mittlere Verschiebung nach Osten (Meter)</translation>
    </message>
    <message>
      <source>Mean shift to the north (meters)</source>
      <translation>Mittlere Verschiebung nach Norden (Meter)</translation>
    </message>
    <message>
      <source>Measure encoding speed</source>
      <translation>Messen, wie schnell Ausschnitte kodiert werden</translation>
    </message>
    <message>
      <source>Measured: one patch takes {} s on this machine</source>
      <translation>Gemessen: ein Ausschnitt braucht auf diesem Rechner {} s</translation>
    </message>
    <message>
      <source>Measured: one patch takes {} s on this machine ({} to {} s in {} passes)</source>
      <translation>Gemessen: ein Ausschnitt braucht auf diesem Rechner {} s ({} bis {} s in {} Durchgängen)</translation>
    </message>
    <message>
      <source>Memories</source>
      <translation>Gedächtniseinträge</translation>
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
      <source>Merge feature shards</source>
      <translation>Teile von Merkmalen zusammenführen</translation>
    </message>
    <message>
      <source>Merge objects of overlapping patches</source>
      <translation>Objekte überlappender Ausschnitte zusammenführen</translation>
    </message>
    <message>
      <source>Merged features</source>
      <translation>Zusammengeführte Merkmale</translation>
    </message>
    <message>
      <source>Merged objects</source>
      <translation>Zusammengeführte Objekte</translation>
    </message>
    <message>
      <source>Merges objects that several overlapping patches (tiles) show, in layers of any program. Two objects are compared only in the area that both of their patches cover. A complete object replaces objects that agree with it. Pieces that the edge of a patch cuts are joined where they agree.

It requires the patches: a layer of their outlines, or the folder that Encode raster wrote. If no field names the patch of each object, its position determines it.</source>
      <translation>Macht ein Objekt aus dem, was mehrere überlappende Ausschnitte (Kacheln) davon gesehen haben: für Layer, die irgendein Programm Kachel für Kachel erzeugt hat. Zwei Objekte werden nur in dem Gebiet verglichen, das ihre beiden Ausschnitte gesehen haben. Eines, das ganz in seinem Ausschnitt liegt, ersetzt, was mit ihm übereinstimmt; Stücke, die ein Rand ihres Ausschnitts abschneidet, werden verbunden, wo sie übereinstimmen.

Nötig sind die Ausschnitte: ein Layer ihrer Umrisse, oder der Ordner, den „Raster kodieren“ angelegt hat. Ohne ein Feld, das den Ausschnitt jedes Objekts nennt, sagt ihn seine Lage.</translation>
    </message>
    <message>
      <source>Merges the shards that several machines encoded with SHARD into one feature folder. The result is the same as that of one run, and Geo-SAM opens it as well.

Shards in one folder stay where they are, and only their manifest is written. Shards in several folders are copied into a new one.</source>
      <translation>Führt die Teile, die mehrere Rechner mit SHARD kodiert haben, zu einem Merkmalordner zusammen. Das Ergebnis ist dasselbe wie das eines einzigen Laufs, und auch Geo-SAM öffnet es.

Teile in einem Ordner bleiben, wo sie sind; nur ihr Manifest wird geschrieben. Teile in mehreren Ordnern werden in einen neuen kopiert.</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>Verfahren</translation>
    </message>
    <message>
      <source>Minimum IoU (0 to 1)</source>
      <translation>Mindest-IoU eines Treffers (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum IoU of a match (0 to 1)</source>
      <translation>Mindest-IoU eines Treffers (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum area (square meters)</source>
      <translation>Mindestfläche (Quadratmeter)</translation>
    </message>
    <message>
      <source>Minimum contrast (gray levels)</source>
      <translation>Mindestkontrast (Graustufen)</translation>
    </message>
    <message>
      <source>Minimum distance of maxima (meters)</source>
      <translation>Mindestabstand der Maxima (Meter)</translation>
    </message>
    <message>
      <source>Minimum likeness (0 to 1)</source>
      <translation>Mindestähnlichkeit (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum overlap (0 to 1)</source>
      <translation>Mindestüberlappung (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum score (0 to 1)</source>
      <translation>Mindestgüte (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum similarity (0 to 1)</source>
      <translation>Mindestähnlichkeit (0 bis 1)</translation>
    </message>
    <message>
      <source>Minimum stability (0 to 1)</source>
      <translation>Mindeststabilität (0 bis 1)</translation>
    </message>
    <message>
      <source>Mirror</source>
      <translation>Spiegelserver</translation>
    </message>
    <message>
      <source>Missed references</source>
      <translation>Übersehene Referenzen</translation>
    </message>
    <message>
      <source>Missing patches</source>
      <translation>Fehlende Ausschnitte</translation>
    </message>
    <message>
      <source>Missing patches: {}</source>
      <translation>Fehlende Ausschnitte: {}</translation>
    </message>
    <message>
      <source>Missing pixels (0 to 1)</source>
      <translation>Anteil der Pixel ohne Daten (0 bis 1)</translation>
    </message>
    <message>
      <source>Missing tiles</source>
      <translation>Was aus fehlenden Kacheln wird</translation>
    </message>
    <message>
      <source>Mode</source>
      <translation>Was zu tun ist</translation>
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
      <source>Model: {}</source>
      <translation>Modell: {}</translation>
    </message>
    <message>
      <source>Model: {}, patches of {} x {} pixels</source>
      <translation>Modell: {}, Ausschnitte von {} x {} Pixeln</translation>
    </message>
    <message>
      <source>Model: {}; device: {}</source>
      <translation>Modell: {}; Gerät: {}</translation>
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
      <source>More folders of shards, one a line or separated by semicolons.</source>
      <translation>Weitere Ordner mit Teilen, einer je Zeile oder durch Semikolon getrennt.</translation>
    </message>
    <message>
      <source>More tiles are an error before any is fetched. Raise it only if the server's terms of use allow it.</source>
      <translation>Mehr als das ist ein Fehler, bevor etwas abgerufen wird. Nur erhöhen, wenn die Nutzungsbedingungen des Servers so viele erlauben.</translation>
    </message>
    <message>
      <source>Name a model or give its checkpoint file</source>
      <translation>Ein Modell nennen oder seine Checkpoint-Datei angeben</translation>
    </message>
    <message>
      <source>Name a model that encodes the rasters</source>
      <translation>Ein Modell nennen, das die Raster kodiert</translation>
    </message>
    <message>
      <source>Name field</source>
      <translation>Namensfeld</translation>
    </message>
    <message>
      <source>Names the patch that saw an object. With features, it has chip ids. If not set, it is a patch that cuts the object, else the one whose center is nearest.</source>
      <translation>Nennt den Ausschnitt, in dem ein Objekt gesehen wurde. Bei Merkmalen enthält es deren Chip-Nummern (chip ids). Wenn nicht angegeben, ein Ausschnitt, der das Objekt abschneidet, sonst der mit der nächsten Mitte.</translation>
    </message>
    <message>
      <source>Narrower gaps between fields are shared out among them; at most the tolerance. If not set, the tolerance.</source>
      <translation>Schmalere Lücken zwischen Feldern werden unter ihnen aufgeteilt; höchstens die Toleranz. Wenn nicht angegeben, die Toleranz.</translation>
    </message>
    <message>
      <source>No Python could be fetched: {}; or install a Python that fits, and name it with PYTHON</source>
      <translation>Es ließ sich kein Python holen: {}; sonst ein passendes Python installieren und mit PYTHON nennen</translation>
    </message>
    <message>
      <source>No Python on this computer fits, and none has a pip that could fetch uv</source>
      <translation>Kein Python auf diesem Rechner passt, und keines hat ein pip, das uv holen könnte</translation>
    </message>
    <message>
      <source>No Python {} to {} with the venv module (found {}): install one (on Debian and Ubuntu: apt-get install python3-venv), name it with PYTHON (--python), or install uv (https://docs.astral.sh/uv) and name that with UV</source>
      <translation>Kein Python {} bis {} mit dem Modul venv (gefunden: {}): eines installieren (unter Debian und Ubuntu: apt-get install python3-venv), es mit PYTHON (--python) nennen, oder uv installieren (https://docs.astral.sh/uv) und dieses mit UV nennen</translation>
    </message>
    <message>
      <source>No UTM zone can be estimated at latitude {}, as UTM covers {} to {} degrees: give a target CRS</source>
      <translation>Auf der Breite {} lässt sich keine UTM-Zone schätzen, da UTM {} bis {} Grad abdeckt: ein Ziel-KBS angeben</translation>
    </message>
    <message>
      <source>No data was seen at all: look whether the extent has some</source>
      <translation>Es wurden überhaupt keine Daten gefunden: prüfen, ob die Ausdehnung welche enthält</translation>
    </message>
    <message>
      <source>No date is known of {}: give dates, such as dates=["2010", "2014-07-01"]</source>
      <translation>Für {} ist kein Datum bekannt: Daten angeben, etwa dates=["2010", "2014-07-01"]</translation>
    </message>
    <message>
      <source>No example can be described: give polygons that lie in the raster and have data</source>
      <translation>Kein Beispiel lässt sich beschreiben: Polygone angeben, die im Raster liegen und Daten haben</translation>
    </message>
    <message>
      <source>No feature of the layer for pruning lies in the raster. Choose one that overlaps it</source>
      <translation>Kein Layerobjekt des Layers zum Eingrenzen liegt im Raster. Einen wählen, der es überlappt</translation>
    </message>
    <message>
      <source>No patch counts as cached: {}</source>
      <translation>Kein Ausschnitt gilt als schon kodiert: {}</translation>
    </message>
    <message>
      <source>No patch holds all its points: encode with a smaller stride or a coarser resolution, or split the object</source>
      <translation>Kein Ausschnitt enthält alle seine Punkte: mit kleinerer Schrittweite oder gröberer Auflösung kodieren, oder das Objekt teilen</translation>
    </message>
    <message>
      <source>No patch shows a whole example, so words alone are searched</source>
      <translation>Kein Ausschnitt zeigt ein ganzes Beispiel, daher wird nur nach Wörtern gesucht</translation>
    </message>
    <message>
      <source>No range of values is given: pixels between two values need one, such as 0.2,0.8</source>
      <translation>Es ist kein Wertebereich angegeben: Pixel zwischen zwei Werten brauchen einen, etwa 0.2,0.8</translation>
    </message>
    <message>
      <source>No resolution and stride reach that with a margin of {} pixels: give a smaller MARGIN or SHARE</source>
      <translation>Keine Auflösung und Schrittweite erreicht das mit einem Rand von {} Pixeln: kleineres MARGIN oder SHARE angeben</translation>
    </message>
    <message>
      <source>No shard has features. Encode another extent or raster, or nodata patches as well</source>
      <translation>Kein Teil hat Merkmale. Eine andere Ausdehnung oder ein anderes Raster kodieren, oder auch Ausschnitte ohne Daten</translation>
    </message>
    <message>
      <source>None of the objects ({}) touches the raster or its extent, so nothing is recommended: check the CRS of their layer, or choose another extent</source>
      <translation>Keines der Objekte ({}) berührt das Raster oder seine Ausdehnung, daher wird nichts empfohlen: das KBS ihres Layers prüfen, oder eine andere Ausdehnung wählen</translation>
    </message>
    <message>
      <source>Not a valid {}: {}{}{}</source>
      <translation>Kein gültiges {}: {}{}{}</translation>
    </message>
    <message>
      <source>Nothing describes the kind {}: give words, or an example of it that is no counterexample</source>
      <translation>Nichts beschreibt die Art {}: Wörter angeben, oder ein Beispiel davon, das kein Gegenbeispiel ist</translation>
    </message>
    <message>
      <source>Nothing links the examples to one of the phrases {}: give a class_field</source>
      <translation>Nichts verbindet die Beispiele mit einem der Begriffe {}: ein class_field angeben</translation>
    </message>
    <message>
      <source>Number of dates</source>
      <translation>Zahl der Zeitpunkte</translation>
    </message>
    <message>
      <source>Number of downloaded models</source>
      <translation>Zahl der vorhandenen Modelle</translation>
    </message>
    <message>
      <source>Number of duplicates</source>
      <translation>Zahl der Duplikate</translation>
    </message>
    <message>
      <source>Number of features without an area</source>
      <translation>Zahl der Layerobjekte ohne Fläche</translation>
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
      <source>Number of invalid geometries that were repaired</source>
      <translation>Zahl der ungültigen Geometrien, die repariert wurden</translation>
    </message>
    <message>
      <source>Number of matches</source>
      <translation>Zahl der Treffer</translation>
    </message>
    <message>
      <source>Number of missing patches</source>
      <translation>Zahl der fehlenden Ausschnitte</translation>
    </message>
    <message>
      <source>Number of models with a complete checkpoint</source>
      <translation>Zahl der Modelle, deren Checkpoint da und unbeschädigt ist</translation>
    </message>
    <message>
      <source>Number of objects</source>
      <translation>Zahl der Objekte</translation>
    </message>
    <message>
      <source>Number of objects above the maximum area</source>
      <translation>Zahl der Objekte über der Höchstfläche</translation>
    </message>
    <message>
      <source>Number of objects below the minimum area</source>
      <translation>Zahl der Objekte unter der Mindestfläche</translation>
    </message>
    <message>
      <source>Number of objects that are unchanged</source>
      <translation>Zahl der unveränderten Objekte</translation>
    </message>
    <message>
      <source>Number of objects that end with their patches</source>
      <translation>Zahl der Objekte, die mit ihren Ausschnitten enden</translation>
    </message>
    <message>
      <source>Number of objects that merge several references</source>
      <translation>Zahl der Objekte, die mehrere Referenzen vereinigen</translation>
    </message>
    <message>
      <source>Number of objects that were only simplified</source>
      <translation>Zahl der Objekte, die nur vereinfacht wurden</translation>
    </message>
    <message>
      <source>Number of objects with clean outlines</source>
      <translation>Zahl der Objekte mit bereinigten Umrissen</translation>
    </message>
    <message>
      <source>Number of parts that were merged</source>
      <translation>Zahl der zusammengeführten Teile</translation>
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
      <source>Number of patches of earlier runs</source>
      <translation>Zahl der Ausschnitte aus einem früheren Lauf</translation>
    </message>
    <message>
      <source>Number of patches that came from the cache</source>
      <translation>Zahl der Ausschnitte aus dem Zwischenspeicher</translation>
    </message>
    <message>
      <source>Number of patches that the features contain</source>
      <translation>Zahl der Ausschnitte, die schon in den Merkmalen sind</translation>
    </message>
    <message>
      <source>Number of patches that were copied</source>
      <translation>Zahl der kopierten Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches that were encoded</source>
      <translation>Zahl der kodierten Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches with features</source>
      <translation>Zahl der Ausschnitte mit Merkmalen</translation>
    </message>
    <message>
      <source>Number of patches without data</source>
      <translation>Zahl der Ausschnitte ohne Daten</translation>
    </message>
    <message>
      <source>Number of patches without data, which are skipped</source>
      <translation>Zahl der Ausschnitte ohne Daten, die übersprungen werden</translation>
    </message>
    <message>
      <source>Number of pieces that a complete object replaces</source>
      <translation>Zahl der Stücke, die ein vollständiges Objekt ersetzt</translation>
    </message>
    <message>
      <source>Number of pieces that were joined to others</source>
      <translation>Zahl der Stücke, die mit anderen verbunden wurden</translation>
    </message>
    <message>
      <source>Number of points</source>
      <translation>Zahl der Punkte</translation>
    </message>
    <message>
      <source>Number of points that were asked</source>
      <translation>Zahl der abgefragten Punkte</translation>
    </message>
    <message>
      <source>Number of polygons</source>
      <translation>Zahl der Polygone</translation>
    </message>
    <message>
      <source>Number of polygons outside the assessed area</source>
      <translation>Zahl der Polygone außerhalb des bewerteten Gebiets</translation>
    </message>
    <message>
      <source>Number of ranked objects</source>
      <translation>Zahl der Objekte mit Rang</translation>
    </message>
    <message>
      <source>Number of references</source>
      <translation>Zahl der Referenzen</translation>
    </message>
    <message>
      <source>Number of references split into several objects</source>
      <translation>Zahl der Referenzen, die in mehrere Objekte zerteilt sind</translation>
    </message>
    <message>
      <source>Number of rows that are gone</source>
      <translation>Zahl der Zeilen: verschwunden</translation>
    </message>
    <message>
      <source>Number of rows that are not seen</source>
      <translation>Zahl der Zeilen: nicht gesehen</translation>
    </message>
    <message>
      <source>Number of rows that are seen</source>
      <translation>Zahl der Zeilen: gesehen</translation>
    </message>
    <message>
      <source>Number of skipped patches without data</source>
      <translation>Zahl der übersprungenen Ausschnitte ohne Daten</translation>
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
      <source>OBJECTS ({}) has no field {}: give the objects of all shards of Segment everything in one layer, such as Merge vector layers makes</source>
      <translation>OBJECTS ({}) hat kein Feld {}: die Objekte aller Teile von „Alles segmentieren“ in einem Layer angeben, wie ihn „Vektorlayer zusammenführen“ anlegt</translation>
    </message>
    <message>
      <source>Object class field</source>
      <translation>Klassenfeld der Objekte</translation>
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
      <source>Objects are followed by {}</source>
      <translation>Objekte werden verfolgt mit {}</translation>
    </message>
    <message>
      <source>Objects in their patches</source>
      <translation>Objekte in ihren Ausschnitten</translation>
    </message>
    <message>
      <source>Objects like those that you will segment, roughly drawn; their bounding boxes count.</source>
      <translation>Objekte wie die, die segmentiert werden sollen, grob gezeichnet; ihre umgebenden Rechtecke zählen.</translation>
    </message>
    <message>
      <source>Objects that a patch cuts are followed into coarser scales and neighboring patches; features with SCALES 1,2,4 give the best results. If unchecked, each object ends where its patch ends.</source>
      <translation>Ein Objekt, das sein Ausschnitt abschneidet oder das größer als ein Ausschnitt ist, wird auch in gröberen Maßstäben und benachbarten Ausschnitten abgefragt. Merkmale mit SCALES 1,2,4 geben die besten Ergebnisse. Wenn nicht aktiviert, endet jedes Objekt, wo sein Ausschnitt endet.</translation>
    </message>
    <message>
      <source>Objects that differ less from their surroundings in the image, of 255 gray levels, are left out. 20 suits points in aerial images; objects of unknown contrast stay.</source>
      <translation>Objekte, die sich im Bild weniger von ihrer Umgebung unterscheiden, von 255 Graustufen, entfallen. 20 passt zu Punkten in Luftbildern; Objekte mit unbekanntem Kontrast bleiben.</translation>
    </message>
    <message>
      <source>Objects that lie completely in a patch (percent)</source>
      <translation>Objekte, die ganz in einem Ausschnitt liegen (Prozent)</translation>
    </message>
    <message>
      <source>Objects that no patch saw whole, which are as they were: {}</source>
      <translation>Objekte, die kein Ausschnitt ganz gesehen hat und die bleiben, wie sie waren: {}</translation>
    </message>
    <message>
      <source>Objects to keep</source>
      <translation>Zu behaltende Objekte</translation>
    </message>
    <message>
      <source>Objects with a lower score are left out. Lower it if a phrase finds too little; the table of counts has the best score of each.</source>
      <translation>Objekte mit geringerer Güte entfallen. Den Wert senken, wenn ein Begriff zu wenig findet; die Tabelle der Anzahlen nennt die beste Güte jedes Begriffs.</translation>
    </message>
    <message>
      <source>Objects with a lower score, as the model estimates it, are left out. With geosam_nano, 0.5 leaves out nearly all boxes around nothing, and few objects.</source>
      <translation>Objekte, die das Modell geringer bewertet, entfallen. Mit geosam_nano lässt 0.5 fast alle Rahmen um nichts weg, und wenige Objekte.</translation>
    </message>
    <message>
      <source>Objects with an invalid geometry, which was repaired: {}</source>
      <translation>Objekte mit ungültiger Geometrie, die repariert wurde: {}</translation>
    </message>
    <message>
      <source>Objects with the same value are neighbors: buildings that share directions, or fields that share borders. If not set, all objects that are near each other are.</source>
      <translation>Objekte mit demselben Wert sind Nachbarn: Gebäude, die Richtungen gemeinsam haben, oder Felder, die Grenzen gemeinsam haben. Wenn nicht angegeben, sind es alle Objekte, die nahe beieinander liegen.</translation>
    </message>
    <message>
      <source>Objects within this distance of an edge of their patch are cut by it, in units of the CRS of the patches. If not set, 2 pixels of the features, or a 500th of a patch's side.</source>
      <translation>Objekte, die einem Rand ihres Ausschnitts so nahe kommen, sind von ihm abgeschnitten; in Einheiten des KBS der Ausschnitte. Wenn nicht angegeben, 2 Pixel der Merkmale oder ein Fünfhundertstel der Seite eines Ausschnitts.</translation>
    </message>
    <message>
      <source>Objects without a rank, as they lie outside the raster or have no data there: {}</source>
      <translation>Objekte ohne Rang, weil sie außerhalb des Rasters liegen oder dort keine Daten haben: {}</translation>
    </message>
    <message>
      <source>Objects without a score, which rank below all others: {}</source>
      <translation>Objekte ohne Güte, die hinter allen anderen stehen: {}</translation>
    </message>
    <message>
      <source>Objects without description</source>
      <translation>Zahl der Objekte, die sich nicht beschreiben lassen</translation>
    </message>
    <message>
      <source>Objects: {}, points: {}. Too small: {}, too large: {}.</source>
      <translation>Objekte: {}, Punkte: {}. Zu klein: {}, zu groß: {}.</translation>
    </message>
    <message>
      <source>Objects: {}. Joined: {}, duplicates: {}, replaced by complete ones: {}.</source>
      <translation>Objekte: {}. Verbunden: {}, Duplikate: {}, durch vollständige ersetzt: {}.</translation>
    </message>
    <message>
      <source>Of two otherwise equal objects, the one with the higher score stays.</source>
      <translation>Von zwei sonst gleich guten Objekten bleibt das mit der höheren Güte.</translation>
    </message>
    <message>
      <source>On other objects nearby first, then in holes, then in a ring around the object.</source>
      <translation>Zuerst auf anderen Objekten in der Nähe, dann in Löchern, dann in einem Ring um das Objekt.</translation>
    </message>
    <message>
      <source>On the lakes (label 1) and beside them (0).</source>
      <translation>Auf den Seen (label 1) und daneben (0).</translation>
    </message>
    <message>
      <source>One for each object, with its number and the area of the object.</source>
      <translation>Einer für jedes Objekt, mit dessen Nummer und Fläche.</translation>
    </message>
    <message>
      <source>One of above, below, between. above: of at least the threshold; below: of at most the threshold; between: in the value range.</source>
      <translation>Eines von above, below, between. above: von mindestens dem Schwellenwert; below: von höchstens dem Schwellenwert; between: im Wertebereich.</translation>
    </message>
    <message>
      <source>One of all, each: without a value range, that of all rasters together or of each. Bytes are used as they are.</source>
      <translation>Eines von all, each: ohne Wertebereich der aller Raster zusammen oder der jedes einzelnen. Bytes werden genommen, wie sie sind.</translation>
    </message>
    <message>
      <source>One of all, leaves, largest, coverage, as in Segment everything. Only for shards.</source>
      <translation>Eines von all, leaves, largest, coverage, wie in „Alles segmentieren“. Nur für Teile.</translation>
    </message>
    <message>
      <source>One of all, leaves, largest, coverage. all keeps nested objects, with the id of the object that contains them. leaves keeps objects that contain no others, largest those in no others. coverage removes overlaps: smaller objects lie on top.</source>
      <translation>Eines von all, leaves, largest, coverage. all behält auch ineinander liegende Objekte, mit der Nummer des Objekts, das sie enthält. leaves behält Objekte, die keine anderen enthalten, largest solche, die in keinen anderen liegen. coverage entfernt Überlappungen: kleinere Objekte liegen oben.</translation>
    </message>
    <message>
      <source>One of auto, best, smallest, largest, single. auto keeps the best of three masks of a single point, and takes one mask of other prompts. best, smallest and largest keep that one of three masks; single always takes one.</source>
      <translation>Eines von auto, best, smallest, largest, single. auto behält die beste von drei Masken eines einzelnen Punkts und nimmt bei anderen Vorgaben eine Maske. best, smallest und largest behalten diese von drei Masken; single nimmt immer eine.</translation>
    </message>
    <message>
      <source>One of auto, cpu, cuda. auto: cuda where an NVIDIA driver answers, else cpu, which is much smaller. On a Mac there is one build for both.</source>
      <translation>Eines von auto, cpu, cuda. auto: cuda, wo ein NVIDIA-Treiber antwortet, sonst cpu, was viel kleiner ist. Auf einem Mac gibt es eine Variante für beides.</translation>
    </message>
    <message>
      <source>One of auto, float32, bfloat16, float16. auto is float16 on an NVIDIA GPU, bfloat16 for the bundled model on a processor with AMX, and else float32, which is exact. bfloat16 takes a quarter to a half of the time on processors with AMX or AVX-512 BF16, at a mean IoU of 0.997 with float32.</source>
      <translation>Eines von auto, float32, bfloat16, float16. auto ist float16 auf einer NVIDIA-GPU, bfloat16 für das mitgelieferte Modell auf einem Prozessor mit AMX, und sonst float32, was genau ist. bfloat16 braucht auf Prozessoren mit AMX oder AVX-512 BF16 ein Viertel bis die Hälfte der Zeit, bei einer mittleren IoU von 0.997 mit float32.</translation>
    </message>
    <message>
      <source>One of auto, memory, prompts. memory needs SAM2 or SAM2.1; prompts makes the next prompt of the last outline; auto takes memory if the model has one and it is fast enough.</source>
      <translation>Eines von auto, memory, prompts. memory braucht SAM2 oder SAM2.1; prompts macht aus dem letzten Umriss die nächste Vorgabe; auto nimmt memory, wenn das Modell eines hat und es schnell genug ist.</translation>
    </message>
    <message>
      <source>One of auto, name, table, metadata, order. auto takes the table or the pattern that is set, else common dates in names, else the metadata, else the order of the inputs.</source>
      <translation>Eines von auto, name, table, metadata, order. auto nimmt die Tabelle oder das Muster, falls angegeben, sonst übliche Daten in Namen, sonst die Metadaten, sonst die Reihenfolge der Eingaben.</translation>
    </message>
    <message>
      <source>One of balanced (reads a batch ahead and releases memory after every 16 patches) and low_memory (one patch at a time, released after each). With vit_b on a CPU, low_memory holds 0.9 GB between patches instead of 1.2; the peak is 1.2 GB in both.</source>
      <translation>Eines von balanced (liest einen Stapel voraus und gibt nach je 16 Ausschnitten Speicher frei) und low_memory (ein Ausschnitt auf einmal, nach jedem wird freigegeben). Mit vit_b auf einem Prozessor belegt low_memory zwischen den Ausschnitten 0,9 GB statt 1,2; die Spitze ist in beiden 1,2 GB.</translation>
    </message>
    <message>
      <source>One of both, forward, backward: the way in time from the start date.</source>
      <translation>Eines von both, forward, backward: der Weg durch die Zeit ab dem Startzeitpunkt.</translation>
    </message>
    <message>
      <source>One of both, join, duplicates, shards. join: only join pieces that an edge cuts; duplicates: only remove what a better object shows as well; both: both; shards: merge what shards of Segment everything found, which needs no patches.</source>
      <translation>Eines von both, join, duplicates, shards. join: nur Stücke verbinden, die ein Rand abschneidet; duplicates: nur entfernen, was ein besseres Objekt ebenfalls zeigt; both: beides; shards: zusammenführen, was Teile von „Alles segmentieren“ gefunden haben, wozu keine Ausschnitte nötig sind.</translation>
    </message>
    <message>
      <source>One of buildings, fields, curves, as they are. buildings: straight walls, right angles, 45 degrees and circles where they fit better; fields: straight borders, shared by neighbors; curves: smooth, with the same area; as they are: only fewer vertices.</source>
      <translation>Eines von buildings, fields, curves, as they are. buildings: gerade Wände, rechte Winkel, 45 Grad und Kreise, wo sie besser passen; fields: gerade Grenzen, die Nachbarn gemeinsam haben; curves: glatt, mit derselben Fläche; as they are: nur weniger Stützpunkte.</translation>
    </message>
    <message>
      <source>One of color and contrast, features, shape, all. color and contrast: mean, spread and contrast of the bands; features: what the model's encoder says; shape: size and form.</source>
      <translation>Eines von color and contrast, features, shape, all. color and contrast: Mittel, Streuung und Kontrast der Kanäle; features: was der Kodierer des Modells sagt; shape: Größe und Form.</translation>
    </message>
    <message>
      <source>One of first, last, prompt, best: the date of prompts without a date. prompt requires a date for every prompt; best takes the date on which the score is highest.</source>
      <translation>Eines von first, last, prompt, best: der Zeitpunkt von Vorgaben ohne Datum. prompt verlangt für jede Vorgabe ein Datum; best nimmt den Zeitpunkt mit der höchsten Güte.</translation>
    </message>
    <message>
      <source>One of float16, float32. float16 takes half the space and keeps masks at an IoU of 0.9998 with those of float32, on average.</source>
      <translation>Eines von float16, float32. float16 braucht den halben Platz, und Masken behalten mit denen von float32 im Mittel eine IoU von 0,9998.</translation>
    </message>
    <message>
      <source>One of geosam_nano, vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large, sam3, sam3.1. geosam_nano comes with the plugin and is for a first try; for real work take an official model, whose checkpoint you download once.</source>
      <translation>Eines von geosam_nano, vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large, sam3, sam3.1. geosam_nano kommt mit der Erweiterung und ist für den ersten Versuch; für echte Arbeit ein amtliches Modell nehmen, dessen Checkpoint einmal heruntergeladen wird.</translation>
    </message>
    <message>
      <source>One of its points lies outside the raster: remove that, or move it</source>
      <translation>Einer seiner Punkte liegt außerhalb des Rasters: ihn entfernen oder verschieben</translation>
    </message>
    <message>
      <source>One of mask (their pixels have no data, and a warning counts them) and error (the run fails; the next one continues).</source>
      <translation>Eines von mask (ihre Pixel sind ohne Daten, und eine Warnung sagt, wie viele) und error (der Lauf endet; der nächste macht dort weiter).</translation>
    </message>
    <message>
      <source>One of pixels, smooth. pixels: along the pixels of the raster; smooth: between them, where the model's logits are zero.</source>
      <translation>Eines von pixels, smooth. pixels: entlang der Pixel des Rasters; smooth: zwischen ihnen, wo die Logits des Modells null sind.</translation>
    </message>
    <message>
      <source>One of regions, maxima. regions: pixels that share edges; maxima: each local maximum (with below, minimum), with the part of its region that is nearest to it.</source>
      <translation>Eines von regions, maxima. regions: Pixel, die Kanten gemeinsam haben; maxima: jedes lokale Maximum (mit below: Minimum), mit dem Teil seiner Region, der ihm am nächsten liegt.</translation>
    </message>
    <message>
      <source>One of vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large, sam3, sam3.1. sam2.1_hiera_base_plus is a good choice for most work; tiny is the quickest without a GPU. For sam3 and sam3.1 accept Meta's license first, then give the file or an authentication.</source>
      <translation>Eines von vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large, sam3, sam3.1. sam2.1_hiera_base_plus ist für die meiste Arbeit eine gute Wahl; tiny ist ohne GPU am schnellsten. Für sam3 und sam3.1 erst die Lizenz von Meta annehmen, dann die Datei oder eine Authentifizierung angeben.</translation>
    </message>
    <message>
      <source>One phrase, or several separated by semicolons or lines: roof; swimming pool. Use short English noun phrases. Give this, examples, or both.</source>
      <translation>Ein Begriff, oder mehrere, durch Semikolon oder Zeilenumbruch getrennt: roof; swimming pool. Kurze englische Substantive nehmen. Dies, Beispiele oder beides angeben.</translation>
    </message>
    <message>
      <source>One row: number of objects, total, mean, smallest and largest area in square meters.</source>
      <translation>Eine Zeile: Zahl der Objekte, gesamte, mittlere, kleinste und größte Fläche in Quadratmetern.</translation>
    </message>
    <message>
      <source>Only objects in this extent are looked for. If not set, all patches are used.</source>
      <translation>Nur Objekte in dieser Ausdehnung werden gesucht. Wenn nicht angegeben, werden alle Ausschnitte benutzt.</translation>
    </message>
    <message>
      <source>Only objects with the same value are merged.</source>
      <translation>Nur Objekte mit demselben Wert werden zusammengeführt.</translation>
    </message>
    <message>
      <source>Only one of CLASS_FIELD ({}) and REFERENCE_CLASS_FIELD ({}) is set. Name the class field of both layers, or of none.</source>
      <translation>Nur eines von CLASS_FIELD ({}) und REFERENCE_CLASS_FIELD ({}) ist angegeben. Das Klassenfeld beider Layer nennen, oder keines.</translation>
    </message>
    <message>
      <source>Only one of the layers has classes. Name the class field of both layers, or of none.</source>
      <translation>Nur einer der Layer hat Klassen. Das Klassenfeld beider Layer nennen, oder keines.</translation>
    </message>
    <message>
      <source>Only one of the layers has classes: give class_field and reference_class_field</source>
      <translation>Nur einer der Layer hat Klassen: class_field und reference_class_field angeben</translation>
    </message>
    <message>
      <source>Only patches that a feature of this layer intersects are encoded, such as those with prompts. If not set, all patches are encoded.</source>
      <translation>Nur Ausschnitte, die ein Layerobjekt dieses Layers schneidet, werden kodiert, etwa die mit Vorgaben. Wenn nicht angegeben, werden alle Ausschnitte kodiert.</translation>
    </message>
    <message>
      <source>Only polygons of the same class match, and each class has its own figures. Needs the class field of the reference as well.</source>
      <translation>Nur Polygone derselben Klasse werden einander zugeordnet, und jede Klasse hat ihre eigenen Kennzahlen. Braucht auch das Klassenfeld der Referenz.</translation>
    </message>
    <message>
      <source>Only the first {} of {} patches are shown; the numbers are those of all</source>
      <translation>Nur die ersten {} von {} Ausschnitten werden gezeigt; die Zahlen gelten für alle</translation>
    </message>
    <message>
      <source>Only this part of the raster is encoded. If not set, the complete raster is encoded.</source>
      <translation>Nur dieser Teil des Rasters wird kodiert. Wenn nicht angegeben, wird das ganze Raster kodiert.</translation>
    </message>
    <message>
      <source>Only this part of the raster is searched. If not set, the complete raster is searched.</source>
      <translation>Nur dieser Teil des Rasters wird durchsucht. Keine: das ganze.</translation>
    </message>
    <message>
      <source>Only without features.</source>
      <translation>Nur ohne Merkmale.</translation>
    </message>
    <message>
      <source>Only {} of the {} patches of {} lie where those of {} do: give the rasters instead of the folders, or encode all dates with one extent, resolution and stride</source>
      <translation>Nur {} der {} Ausschnitte von {} liegen, wo die von {} liegen: die Raster statt der Ordner angeben, oder alle Zeitpunkte mit einer Ausdehnung, Auflösung und Schrittweite kodieren</translation>
    </message>
    <message>
      <source>Orders objects by their similarity to examples, such as more ponds like these three. Candidates usually come from Segment everything. Examples are polygons of any layer, also on another raster or date.

Color and contrast distinguish objects best on real imagery; features of the model and shape can help within a scene. Roads, fields and other varied objects are ranked badly.

A ranking is not a classification: a few examples do not show how many of the first objects are right. The log reports the rank of each example by the others.</source>
      <translation>Ordnet Objekte danach, wie ähnlich sie Beispielen sind: mehr Teiche wie diese drei. Kandidaten kommen meist aus „Alles segmentieren“; Beispiele sind Polygone irgendeines Layers, auch auf einem anderen Raster oder von einem anderen Zeitpunkt.

Farben und der Kontrast zur Umgebung unterscheiden Objekte auf echten Bildern am besten; Merkmale des Modells und die Form können innerhalb einer Szene helfen. Straßen, Felder und anderes, was untereinander verschieden ist, wird von keinem gut geordnet.

Eine Rangfolge ist keine Klassifizierung: wie viele der ersten richtig sind, lässt sich aus wenigen Beispielen nicht wissen. Das Protokoll gibt an, welchen Rang jedes Beispiel nach den übrigen hätte.</translation>
    </message>
    <message>
      <source>Other folders</source>
      <translation>Weitere Ordner</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Outlines of the encoded patches.</source>
      <translation>Umrisse der Ausschnitte, damit zu sehen ist, was kodiert wurde.</translation>
    </message>
    <message>
      <source>Outlines of the patches that no shard has, with their shard and reason.</source>
      <translation>Umrisse der Ausschnitte, die kein Teil enthält, mit ihrem Teil und dem Grund.</translation>
    </message>
    <message>
      <source>Outlines of the patches, with the share of nodata, and whether one would be skipped or is in the features already.</source>
      <translation>Umrisse der Ausschnitte, mit dem Anteil ohne Daten und ob einer übersprungen würde oder schon in den Merkmalen ist.</translation>
    </message>
    <message>
      <source>Over-segmentation (0 to 1)</source>
      <translation>Übersegmentierung (0 bis 1)</translation>
    </message>
    <message>
      <source>Overlap of neighboring patches (percent)</source>
      <translation>Überlappung benachbarter Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>Overlap of the patches (percent)</source>
      <translation>Überlappung der Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>PATCHES ({}) has no field {}: give PATCHES_FIELD, or no PATCH_FIELD</source>
      <translation>PATCHES ({}) hat kein Feld {}: PATCHES_FIELD angeben, oder kein PATCH_FIELD</translation>
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
      <source>Packages of Dask</source>
      <translation>Pakete von Dask</translation>
    </message>
    <message>
      <source>Packages of SAM3</source>
      <translation>Pakete von SAM3</translation>
    </message>
    <message>
      <source>Padding of the boxes (meters)</source>
      <translation>Zuschlag der Rahmen (Meter)</translation>
    </message>
    <message>
      <source>Padding of the boxes (percent)</source>
      <translation>Zuschlag der Rahmen (Prozent)</translation>
    </message>
    <message>
      <source>Page</source>
      <translation>Seite</translation>
    </message>
    <message>
      <source>Panoptic quality (0 to 1)</source>
      <translation>Panoptic Quality (0 bis 1)</translation>
    </message>
    <message>
      <source>Pass examples on</source>
      <translation>Beispiele weitergeben</translation>
    </message>
    <message>
      <source>Patch field</source>
      <translation>Feld mit dem Ausschnitt</translation>
    </message>
    <message>
      <source>Patch field of the patches</source>
      <translation>Feld mit dem Ausschnitt im Layer der Ausschnitte</translation>
    </message>
    <message>
      <source>Patches</source>
      <translation>Ausschnitte</translation>
    </message>
    <message>
      <source>Patches at the limit</source>
      <translation>Ausschnitte, die mehr Objekte haben könnten</translation>
    </message>
    <message>
      <source>Patches encoded: {}; from the cache: {}</source>
      <translation>Kodierte Ausschnitte: {}; aus dem Zwischenspeicher: {}</translation>
    </message>
    <message>
      <source>Percentile cut (percent)</source>
      <translation>Perzentilschnitt (Prozent an jedem Ende)</translation>
    </message>
    <message>
      <source>Phrases without objects</source>
      <translation>Begriffe ohne Objekte</translation>
    </message>
    <message>
      <source>Picture of the patches</source>
      <translation>Bild des Rasters mit seinen Ausschnitten</translation>
    </message>
    <message>
      <source>Pixel sizes to encode, as multiples of the finest one, separated by commas. 1,2,4 adds coarser patches for objects larger than a patch, for about a third more time and space.</source>
      <translation>Wievielmal so breite Pixel kodiert werden, durch Komma getrennt. 1,2,4 fügt Ausschnitte aus doppelt und viermal so breiten Pixeln hinzu, die Objekte zeigen, die größer als ein Ausschnitt sind, für etwa ein Drittel mehr Zeit und Platz.</translation>
    </message>
    <message>
      <source>Pixels of objects</source>
      <translation>Pixel der Objekte</translation>
    </message>
    <message>
      <source>Point on one object</source>
      <translation>Punkt auf einem Objekt</translation>
    </message>
    <message>
      <source>Points</source>
      <translation>Punkte</translation>
    </message>
    <message>
      <source>Points every {} pixels; masks of a score of {} and a stability of {} or more are kept</source>
      <translation>Punkte alle {} Pixel; Masken mit einer Güte von {} und einer Stabilität von {} oder mehr werden behalten</translation>
    </message>
    <message>
      <source>Points inside very large objects are segmented on coarser patches, and large objects get fine outlines, which takes more encoding. If unchecked, large objects have coarse outlines.</source>
      <translation>Punkte in sehr großen Objekten werden auf gröberen Ausschnitten segmentiert, und große Objekte bekommen feine Umrisse, was mehr Kodieren kostet. Wenn nicht aktiviert, haben große Objekte grobe Umrisse.</translation>
    </message>
    <message>
      <source>Points of Segment everything, at most</source>
      <translation>Punkte von „Alles segmentieren“, höchstens</translation>
    </message>
    <message>
      <source>Points on each object</source>
      <translation>Punkte auf jedem Objekt</translation>
    </message>
    <message>
      <source>Points or boxes that you will segment. The rectangle around all of them is encoded, and its surroundings. Give this or an extent.</source>
      <translation>Punkte oder Rahmen, die segmentiert werden sollen. Das Rechteck um alle wird kodiert, mit seiner Umgebung. Diese oder eine Ausdehnung angeben.</translation>
    </message>
    <message>
      <source>Points outside each object</source>
      <translation>Punkte neben jedem Objekt</translation>
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
      <source>Polygons around objects, or points in them, whose object is segmented first. A few typical ones are enough.</source>
      <translation>Polygone um Objekte, oder Punkte in ihnen, deren Objekt zuerst segmentiert wird. Ein paar typische genügen.</translation>
    </message>
    <message>
      <source>Polygons before</source>
      <translation>Polygone vorher</translation>
    </message>
    <message>
      <source>Polygons in which objects are looked for, in any CRS. If not set, all patches are used.</source>
      <translation>Polygone, in denen Objekte gesucht werden, in jedem KBS. Wenn nicht angegeben, werden alle Ausschnitte benutzt.</translation>
    </message>
    <message>
      <source>Polygons in which the reference is complete. Both layers are cut to them, and a polygon counts with the share of its area that lies inside; if not set, all counts.</source>
      <translation>Polygone, in denen die Referenz vollständig ist. Beide Layer werden darauf zugeschnitten, und ein Polygon zählt mit dem Anteil seiner Fläche, der darin liegt; wenn nicht angegeben, zählt alles.</translation>
    </message>
    <message>
      <source>Polygons in which the reference is complete. If not set, all counts.</source>
      <translation>Polygone, in denen die Referenz vollständig ist. Wenn nicht angegeben, zählt alles.</translation>
    </message>
    <message>
      <source>Polygons of what to look for, three or more; in any CRS. They may be candidates, too.</source>
      <translation>Polygone dessen, was gesucht wird, drei oder mehr; in jedem KBS. Sie dürfen auch Kandidaten sein.</translation>
    </message>
    <message>
      <source>Precision (0 to 1)</source>
      <translation>Präzision (0 bis 1)</translation>
    </message>
    <message>
      <source>Preview patches</source>
      <translation>Vorschau der Ausschnitte</translation>
    </message>
    <message>
      <source>Processes started on this computer: {}</source>
      <translation>Auf diesem Rechner gestartete Prozesse: {}</translation>
    </message>
    <message>
      <source>Processing setting {}</source>
      <translation>Verarbeitungs-Option {}</translation>
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
      <source>Prompt {} has {} points but {} labels</source>
      <translation>Vorgabe {} hat {} Punkte, aber {} Kennzeichnungen</translation>
    </message>
    <message>
      <source>Prompt {} is empty</source>
      <translation>Vorgabe {} ist leer</translation>
    </message>
    <message>
      <source>Prompts</source>
      <translation>Vorgaben</translation>
    </message>
    <message>
      <source>Prompts are made of a raster or of polygons: give one of them</source>
      <translation>Vorgaben werden aus einem Raster oder aus Polygonen gemacht: eines davon angeben</translation>
    </message>
    <message>
      <source>Prompts are made of one band of a raster: give one</source>
      <translation>Vorgaben werden aus einem Kanal eines Rasters gemacht: einen angeben</translation>
    </message>
    <message>
      <source>Prompts from a mask or index</source>
      <translation>Vorgaben aus Maske oder Index</translation>
    </message>
    <message>
      <source>Prompts of other shards: {}</source>
      <translation>Vorgaben anderer Teile: {}</translation>
    </message>
    <message>
      <source>Prompts outside of it are left out.</source>
      <translation>Vorgaben außerhalb bleiben weg.</translation>
    </message>
    <message>
      <source>Prompts to surround</source>
      <translation>Vorgaben, deren Umgebung kodiert wird</translation>
    </message>
    <message>
      <source>Prompts with the same value are one object. If not set, each feature is an object.</source>
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
      <source>PyTorch {} finds no CUDA device; check the NVIDIA driver</source>
      <translation>PyTorch {} findet kein CUDA-Gerät; den NVIDIA-Treiber prüfen</translation>
    </message>
    <message>
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <source>Python 3.11 to 3.14 with its venv module. If not set, QGIS's Python or another suitable one on this computer is used; if there is none, uv downloads one.</source>
      <translation>Python 3.11 bis 3.14 mit dem Modul venv. Keines: das von QGIS oder ein anderes auf diesem Rechner, das passt; wo keines passt, wird eines mit uv geholt.</translation>
    </message>
    <message>
      <source>Python interpreter</source>
      <translation>Python zum Anlegen</translation>
    </message>
    <message>
      <source>Python of the engine</source>
      <translation>Python der Umgebung der Engine</translation>
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
      <source>QGIS's authentication configuration for servers that require a login. For sam3, choose Basic with an access token of Hugging Face as the password.</source>
      <translation>Die Authentifizierungskonfiguration von QGIS für einen Server, der eine Anmeldung verlangt. Für sam3: von der Art Basic, mit einem Zugriffstoken von Hugging Face als Passwort.</translation>
    </message>
    <message>
      <source>RESOLUTION ({}) and ZOOM ({}) are given: leave one empty</source>
      <translation>RESOLUTION ({}) und ZOOM ({}) sind angegeben: eines leer lassen</translation>
    </message>
    <message>
      <source>Rank by similarity</source>
      <translation>Nach Ähnlichkeit ordnen</translation>
    </message>
    <message>
      <source>Ranked objects</source>
      <translation>Geordnete Objekte</translation>
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
      <source>Raster of the examples</source>
      <translation>Raster der Beispiele</translation>
    </message>
    <message>
      <source>Raster of the tiles</source>
      <translation>Gesehenes Raster</translation>
    </message>
    <message>
      <source>Raster or tile layer</source>
      <translation>Raster- oder Kachellayer</translation>
    </message>
    <message>
      <source>Rasters</source>
      <translation>Raster</translation>
    </message>
    <message>
      <source>Reading the features</source>
      <translation>Die Merkmale werden gelesen</translation>
    </message>
    <message>
      <source>Reading the prompts</source>
      <translation>Die Vorgaben werden gelesen</translation>
    </message>
    <message>
      <source>Reading the prompts: {} of {}</source>
      <translation>Die Vorgaben werden gelesen: {} von {}</translation>
    </message>
    <message>
      <source>Recall (0 to 1)</source>
      <translation>Recall (0 bis 1)</translation>
    </message>
    <message>
      <source>Recommended resolution (meters)</source>
      <translation>Empfohlene Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Recommended stride (pixels)</source>
      <translation>Empfohlene Schrittweite (Pixel)</translation>
    </message>
    <message>
      <source>Recommended: a resolution of {} m ({}) with a stride of {} pixels, the largest that covers enough: {}</source>
      <translation>Empfohlen: eine Auflösung von {} m ({}) mit einer Schrittweite von {} Pixeln, der größten, die genug erfasst: {}</translation>
    </message>
    <message>
      <source>Redraws outlines as people draw them: buildings with straight walls and right angles, fields with shared straight borders, ponds and tree crowns with smooth shores. It takes any polygon layer.

The tolerance is a hard limit: no point of an outline moves farther. An object that cannot be redrawn within the limits is simplified or stays unchanged, and its field method states it.

A good tolerance is two to three pixels of the source raster. The fields moved_m, area_change (percent) and iou_before describe the change of each object.</source>
      <translation>Zeichnet Umrisse, wie Menschen es tun: Gebäude mit geraden Wänden und rechten Winkeln, Felder mit geraden Grenzen, die Nachbarn gemeinsam haben, Teiche und Baumkronen mit glatten Rändern. Nimmt beliebige Polygone an, etwa die von „Nach Vorgaben segmentieren“.

Die Toleranz ist eine feste Grenze. Kein Punkt eines Umrisses bewegt sich weiter, keine größere Einzelheit geht verloren, und keine Fläche ändert sich um mehr als den erlaubten Anteil. Ein Objekt, das sich innerhalb dieser Grenzen nicht wie gewünscht zeichnen lässt, wird nur vereinfacht oder bleibt unverändert, und sein Feld method sagt es.

Eine gute Toleranz sind zwei bis drei Pixel des Rasters, in dem die Objekte gesehen wurden. Die Felder moved_m, area_change (Prozent) und iou_before sagen, wie weit sich jeder Umriss bewegt hat, wie sich seine Fläche geändert hat und wie viel vom Objekt gleich geblieben ist.</translation>
    </message>
    <message>
      <source>Reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <source>Reference class field</source>
      <translation>Klassenfeld der Referenz</translation>
    </message>
    <message>
      <source>References</source>
      <translation>Referenzen</translation>
    </message>
    <message>
      <source>References that are split into several objects, and objects that merge several references, with the ids of the pieces.</source>
      <translation>Referenzen, die in mehrere Objekte zerteilt sind, und Objekte, die mehrere Referenzen vereinigen, mit den Nummern der Stücke.</translation>
    </message>
    <message>
      <source>Regions are cut where they are narrower than this, so that objects that touch become several. 0: none is cut.</source>
      <translation>Regionen werden durchtrennt, wo sie schmaler sind, sodass aus Objekten, die sich berühren, mehrere werden. 0: keine wird durchtrennt.</translation>
    </message>
    <message>
      <source>Remove engine</source>
      <translation>Engine entfernen</translation>
    </message>
    <message>
      <source>Removed objects</source>
      <translation>Entfernte Objekte</translation>
    </message>
    <message>
      <source>Removed {} files, {:.1f} MB, from {}</source>
      <translation>{} Dateien, {:.1f} MB, aus {} entfernt</translation>
    </message>
    <message>
      <source>Removes the engine that Install engine installed, and frees its gigabytes. Models, features and all other files in that folder stay.</source>
      <translation>Entfernt die Engine, die „Engine installieren“ angelegt hat, und gibt ihre Gigabytes frei. Sonst wird nichts angerührt: Modelle und Merkmale bleiben, und ebenso jede eigene Datei in diesem Ordner.</translation>
    </message>
    <message>
      <source>Removes the features that Segment without encoding keeps, and the answers that Segment everything keeps of interrupted runs. They are computed again when needed. Other files in the folder are never removed.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation>Entfernt die Merkmale, die „Ohne Kodierung segmentieren“ aufhebt, und die Antworten, die „Alles segmentieren“ von abgebrochenen Läufen aufhebt. Sie werden neu berechnet, wenn sie gebraucht werden. Andere Dateien im Ordner werden nie entfernt.

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
      <source>Reports the folder, the number and the size of the features that Segment without encoding keeps, and their maximum size. At the maximum, the least recently used features are removed.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation>Sagt, wo die Merkmale liegen, die „Ohne Kodierung segmentieren“ aufhebt, wie viele und wie groß sie sind und wie groß sie werden dürfen; dann werden die entfernt, die am längsten nicht benutzt wurden.

Ordner und Größe des Zwischenspeichers stehen in den Verarbeitungs-Optionen von GeoSAM.</translation>
    </message>
    <message>
      <source>Resolution (meters)</source>
      <translation>Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Resolution scale</source>
      <translation>Faktor der Auflösung</translation>
    </message>
    <message>
      <source>Resolutions to compare (meters)</source>
      <translation>Zu vergleichende Auflösungen (Meter)</translation>
    </message>
    <message>
      <source>Retries</source>
      <translation>Wiederholungen</translation>
    </message>
    <message>
      <source>Roughly drawn objects like those that you will segment, in any CRS; their bounding boxes count. With them, a resolution and a stride are recommended.</source>
      <translation>Objekte wie die, die segmentiert werden sollen, grob gezeichnet, in jedem KBS; ihre umgebenden Rechtecke zählen. Mit ihnen werden eine Auflösung und eine Schrittweite empfohlen.</translation>
    </message>
    <message>
      <source>Runs the image encoder of a Segment Anything model over a raster, patch by patch, and writes the features into a folder. This slow step is needed once. With the folder, Segment from prompts and Segment everything create polygons quickly.

An interrupted run continues when it is started again with the same settings. The folder can be moved, and Geo-SAM can open it.</source>
      <translation>Lässt den Bildkodierer eines Segment-Anything-Modells über ein Raster laufen, Ausschnitt für Ausschnitt, und legt die Merkmale in einem Ordner ab. Das ist der langsame Teil und geschieht einmal: mit dem Ordner macht „Nach Vorgaben segmentieren“ rasch aus beliebig vielen Punkten und Rahmen Polygone.

Abgebrochen oder gescheitert, macht ein Lauf mit denselben Einstellungen dort weiter, wo er war. Der Ordner lässt sich verschieben, und Geo-SAM kann ihn öffnen.</translation>
    </message>
    <message>
      <source>SAM 3.1 is untested: nobody has tried its checkpoint with GeoSAM yet. It takes points and boxes only</source>
      <translation>SAM 3.1 ist ungeprüft: noch niemand hat seinen Checkpoint mit GeoSAM versucht. Es nimmt nur Punkte und Rahmen an</translation>
    </message>
    <message>
      <source>SETTINGS ({}) cannot be read ({}): give a JSON file that exists</source>
      <translation>SETTINGS ({}) lässt sich nicht lesen ({}): eine JSON-Datei angeben, die es gibt</translation>
    </message>
    <message>
      <source>SETTINGS ({}) cannot be used, {}: give a file of settings</source>
      <translation>SETTINGS ({}) ist nicht verwendbar, {}: eine Einstellungsdatei angeben</translation>
    </message>
    <message>
      <source>SETTINGS ({}) has no "inputs": give a file that Preview patches, Copy as JSON or Geo-SAM's Encoder Copilot wrote</source>
      <translation>SETTINGS ({}) hat kein "inputs": eine Datei angeben, die „Vorschau der Ausschnitte“, „Als JSON kopieren“ oder der Encoder Copilot von Geo-SAM geschrieben hat</translation>
    </message>
    <message>
      <source>SETTINGS ({}) names another raster, {}. This run takes INPUT ({})</source>
      <translation>SETTINGS ({}) nennt ein anderes Raster, {}. Dieser Lauf nimmt INPUT ({})</translation>
    </message>
    <message>
      <source>SETTINGS_FILE cannot keep the CRS that the layer was given in QGIS ({}): assign it to the file with gdal:assignprojection</source>
      <translation>SETTINGS_FILE kann das KBS nicht festhalten, das dem Layer in QGIS zugewiesen wurde ({}): es der Datei mit gdal:assignprojection zuweisen</translation>
    </message>
    <message>
      <source>SETTINGS_FILE cannot keep the settings for no data that the layer was given in QGIS. Save the layer as GeoTIFF, or give it as INPUT with the file</source>
      <translation>SETTINGS_FILE kann die Einstellungen für fehlende Daten nicht aufnehmen, die der Layer in QGIS bekommen hat. Den Layer als GeoTIFF speichern, oder ihn mit der Datei als INPUT angeben</translation>
    </message>
    <message>
      <source>SETTINGS_FILE does not name the raster, because its address has a password or key ({}). Give INPUT with the file</source>
      <translation>SETTINGS_FILE nennt das Raster nicht, weil seine Adresse ein Passwort oder einen Schlüssel enthält ({}). Mit der Datei INPUT angeben</translation>
    </message>
    <message>
      <source>SHA-256</source>
      <translation>SHA-256</translation>
    </message>
    <message>
      <source>START is prompt, but DATE_FIELD is not set. Set it.</source>
      <translation>START ist prompt, aber DATE_FIELD ist nicht angegeben. Es angeben.</translation>
    </message>
    <message>
      <source>Scale {}: pixels {} times as wide</source>
      <translation>Maßstab {}: Pixel {}-mal so breit</translation>
    </message>
    <message>
      <source>Scale {}: {} patches more</source>
      <translation>Maßstab {}: {} Ausschnitte mehr</translation>
    </message>
    <message>
      <source>Scales</source>
      <translation>Maßstäbe</translation>
    </message>
    <message>
      <source>Score field</source>
      <translation>Gütefeld</translation>
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
      <source>Segment and compare</source>
      <translation>Segmentieren und vergleichen</translation>
    </message>
    <message>
      <source>Segment by words and examples</source>
      <translation>Nach Wörtern und Beispielen segmentieren</translation>
    </message>
    <message>
      <source>Segment everything</source>
      <translation>Alles segmentieren</translation>
    </message>
    <message>
      <source>Segment everything and clean up</source>
      <translation>Alles segmentieren und aufräumen</translation>
    </message>
    <message>
      <source>Segment from prompts</source>
      <translation>Nach Vorgaben segmentieren</translation>
    </message>
    <message>
      <source>Segment time series</source>
      <translation>Zeitreihe segmentieren</translation>
    </message>
    <message>
      <source>Segment without encoding</source>
      <translation>Ohne Kodierung segmentieren</translation>
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
      <source>Segments all objects of a raster without prompts, from the features of Encode raster, or directly on a raster or tile layer. The model is prompted with a grid of points on each patch. An object that several patches show becomes one polygon, without seams and duplicates.

An interrupted run continues when it is started again: the answers of each patch are kept in the feature folder, or in the cache. With features, a second run with other options for objects and outlines takes seconds.</source>
      <translation>Segmentiert alle Objekte eines Rasters ohne Vorgaben, aus den Merkmalen von „Raster kodieren“ oder direkt auf einem Raster oder Kachellayer. Dem Modell wird auf jedem Ausschnitt ein Gitter von Punkten vorgegeben. Ein Objekt, das mehrere Ausschnitte zeigen, wird zu einem Polygon, ohne Nähte und Duplikate.

Ein abgebrochener Lauf geht weiter, wenn er erneut gestartet wird: die Antworten jedes Ausschnitts werden im Merkmalordner oder im Zwischenspeicher aufgehoben. Mit Merkmalen dauert ein zweiter Lauf mit anderen Optionen für Objekte und Umrisse Sekunden.</translation>
    </message>
    <message>
      <source>Segments objects from points and boxes directly on a raster or an online tile layer, without encoding it first. Only the patches around the prompts are encoded. They are kept in a cache for the next prompts nearby. Give a layer of prompts or, for one object, a point or a box.

An object that reaches the edge of its patch is segmented again on a patch around it, then on coarser ones, until it is complete. The polygons have the CRS of the raster layer, the attributes of their first prompt, and the score, area and other properties of the object. Prompts without an object are listed with the reason.</source>
      <translation>Segmentiert Objekte nach Punkten und Rahmen direkt auf einem Raster oder einem Online-Kachellayer, ohne ihn vorher zu kodieren. Nur die Ausschnitte um die Vorgaben werden kodiert. Sie werden für die nächsten Vorgaben in der Nähe in einem Zwischenspeicher aufgehoben. Einen Layer mit Vorgaben angeben oder, für ein Objekt, einen Punkt oder einen Rahmen.

Ein Objekt, das den Rand seines Ausschnitts erreicht, wird auf einem Ausschnitt um das Objekt noch einmal segmentiert, dann auf gröberen, bis es vollständig ist. Die Polygone haben das KBS des Rasterlayers, die Attribute ihrer ersten Vorgabe sowie Güte, Fläche und andere Eigenschaften des Objekts. Vorgaben ohne Objekt werden mit dem Grund aufgeführt.</translation>
    </message>
    <message>
      <source>Segments objects from points and boxes, with the features that Encode raster wrote. Each prompt is one object: a point, several points that share an object id, a box, or points with a box.

The polygons have the CRS of the features and the attributes of their first prompt. Further fields are the score, stability, area, numbers of points, patch, model, resolution, contrast, and whether the object touches the edge of the encoded area. Prompts without an object are listed with the reason.</source>
      <translation>Segmentiert Objekte nach Punkten und Rahmen, mit den Merkmalen, die „Raster kodieren“ geschrieben hat. Jede Vorgabe ist ein Objekt: ein Punkt, mehrere Punkte mit derselben Objektnummer, ein Rahmen, oder Punkte mit einem Rahmen.

Die Polygone haben das KBS der Merkmale und die Attribute ihrer ersten Vorgabe. Weitere Felder sind Güte, Stabilität, Fläche, Zahlen der Punkte, Ausschnitt, Modell, Auflösung, Kontrast, und ob das Objekt den Rand des kodierten Gebiets berührt. Vorgaben ohne Objekt werden mit dem Grund aufgeführt.</translation>
    </message>
    <message>
      <source>Segments the prompts of an area straight on a tile layer or another raster layer, merges polygons that overlap or touch, and tells the number and areas of the objects. Only the patches around the prompts are fetched and encoded; they stay in the live cache for the next run.</source>
      <translation>Segmentiert die Vorgaben eines Gebiets unmittelbar auf einem Kachellayer oder einem anderen Rasterlayer, vereinigt Polygone, die sich überlappen oder berühren, und gibt Zahl und Flächen der Objekte an. Nur die Ausschnitte um die Vorgaben werden abgerufen und kodiert; sie bleiben für den nächsten Lauf im Live-Zwischenspeicher.</translation>
    </message>
    <message>
      <source>Segments the same prompts in two rasters of one place, and tells for each object its area before and after, the change in square meters and in percent. An object that has no polygon on one of the dates has an area of 0 then; one that has none on both is left out.</source>
      <translation>Segmentiert dieselben Vorgaben in zwei Rastern eines Ortes und gibt für jedes Objekt seine Fläche vorher und nachher an, die Änderung in Quadratmetern und in Prozent. Ein Objekt ohne Polygon zu einem der Zeitpunkte hat dann die Fläche 0; eines, das zu beiden keines hat, bleibt weg.</translation>
    </message>
    <message>
      <source>Separated by commas, such as 0.5,1,2. If not set, the resolution above is used.</source>
      <translation>Durch Komma getrennt, etwa 0.5,1,2. Keine: die, die oben eingestellt ist.</translation>
    </message>
    <message>
      <source>Separated by commas, such as 1024,512,256. If not set, the stride above is used.</source>
      <translation>Durch Komma getrennt, etwa 1024,512,256. Keine: die, die oben eingestellt ist.</translation>
    </message>
    <message>
      <source>Series</source>
      <translation>Zeitreihen</translation>
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
      <source>Setup and maintenance</source>
      <translation>Einrichtung und Wartung</translation>
    </message>
    <message>
      <source>Shard</source>
      <translation>Teil</translation>
    </message>
    <message>
      <source>Shard {}, from {} in the environment</source>
      <translation>Teil {}, aus {} in der Umgebung</translation>
    </message>
    <message>
      <source>Shard {}: {} patches</source>
      <translation>Teil {}: {} Ausschnitte</translation>
    </message>
    <message>
      <source>Shard {}: {} patches, and {} of other shards at its border</source>
      <translation>Teil {}: {} Ausschnitte, und {} anderer Teile an seiner Grenze</translation>
    </message>
    <message>
      <source>Share of the lowest and of the highest values that the value range of the raster leaves out. 2 brightens a raster with a few extreme values.</source>
      <translation>Lässt so viel von den niedrigsten und den höchsten Werten weg, wenn der Wertebereich dem Raster entnommen wird. 2 hellt ein Raster mit wenigen extremen Werten auf.</translation>
    </message>
    <message>
      <source>Share of the objects that must lie completely in a patch. The recommendation may leave out the others, such as a few very large ones.</source>
      <translation>Die Empfehlung darf den Rest auslassen, etwa einige sehr große.</translation>
    </message>
    <message>
      <source>Share of the objects to be whole in a patch (percent)</source>
      <translation>Anteil der Objekte, die ganz in einem Ausschnitt liegen sollen (Prozent)</translation>
    </message>
    <message>
      <source>Shown under the outlines of the worst cases on the page. If not set, these are drawn without a background.</source>
      <translation>Auf der Seite unter den Umrissen der schlechtesten Fälle zu sehen. Wenn nicht angegeben, werden diese ohne Hintergrund gezeichnet.</translation>
    </message>
    <message>
      <source>Shows package versions, the device for models, checkpoints, encoding speed and settings. It also runs without an engine, or with a broken one, and then reports the problem.

Attach the page to bug reports. It contains no user name, home folder, passwords or tokens.</source>
      <translation>Nennt die Versionen von allem, was mitwirkt, das Gerät, auf dem Modelle laufen, und warum es keine GPU ist, welche Checkpoints da und unbeschädigt sind, wie schnell Ausschnitte kodiert werden und die geltenden Einstellungen. Auch ohne Engine oder mit einer, die nicht läuft: dann steht da, was nicht stimmt.

Die Seite ist dazu gedacht, einem Fehlerbericht beigelegt zu werden: Benutzername und Heimordner sind ausgelassen, und ebenso Passwörter und Token.</translation>
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
      <source>Size limits (square meters)</source>
      <translation>Größengrenzen (Quadratmeter)</translation>
    </message>
    <message>
      <source>Size of a pixel at which the layer is looked at. None: as fine as it is.</source>
      <translation>Pixelgröße, mit der der Layer angesehen wird. Keine: so fein, wie er ist.</translation>
    </message>
    <message>
      <source>Size of a pixel on the ground; tiles of the next finer level are resampled. Give this or a zoom level; for layers with a fixed pixel size, such as WCS, neither is needed.</source>
      <translation>Die Größe eines Pixels am Boden. Kacheln der nächstfeineren Stufe werden darauf verkleinert. Diese oder eine Zoomstufe angeben; bei Layern mit eigenen Pixeln, wie WCS, steht keines von beiden für diese.</translation>
    </message>
    <message>
      <source>Size of the cache (megabytes)</source>
      <translation>Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Size on the ground of the pixels that the model sees first. If not set, the pixel size of the layer, or of the finest zoom level of a tile layer.</source>
      <translation>Größe der Pixel, die das Modell zuerst sieht: am Boden, bei Webkarten und Onlinelayern in Grad auf 2 Prozent genau. Keine: die des Layers; bei einem Kachellayer die seiner feinsten Zoomstufe.</translation>
    </message>
    <message>
      <source>Skipped: without data</source>
      <translation>Übersprungen: ohne Daten</translation>
    </message>
    <message>
      <source>Smaller holes are filled. 0 fills none.</source>
      <translation>Kleinere Löcher werden gefüllt. 0 füllt keine.</translation>
    </message>
    <message>
      <source>Smaller lakes are left out.</source>
      <translation>Kleinere Seen entfallen.</translation>
    </message>
    <message>
      <source>Smaller objects are left out.</source>
      <translation>Vorgaben, deren Polygon kleiner ist, bleiben unbeantwortet.</translation>
    </message>
    <message>
      <source>Smaller objects are left out. 0 keeps objects of all sizes.</source>
      <translation>Kleinere Objekte entfallen. 0 behält Objekte jeder Größe.</translation>
    </message>
    <message>
      <source>Smaller objects get no prompts.</source>
      <translation>Kleinere Objekte bekommen keine Vorgaben.</translation>
    </message>
    <message>
      <source>Some dates have rasters, others feature folders: give the same for all dates</source>
      <translation>Einige Zeitpunkte haben Raster, andere Merkmalordner: für alle Zeitpunkte dasselbe angeben</translation>
    </message>
    <message>
      <source>Source of dates</source>
      <translation>Quelle der Zeitpunkte</translation>
    </message>
    <message>
      <source>Spacing of points (pixels)</source>
      <translation>Abstand der Punkte (Pixel)</translation>
    </message>
    <message>
      <source>Splits and merges</source>
      <translation>Teilungen und Verschmelzungen</translation>
    </message>
    <message>
      <source>Spreads the patches over processes: local or local:4 on this computer, or the address of a Dask scheduler, such as tcp://192.168.0.10:8786. If not set, it is taken from GEOSAM_CLUSTER; none ignores that.</source>
      <translation>Verteilt die Ausschnitte auf Prozesse: local oder local:4 auf diesem Rechner, oder die Adresse eines Dask-Schedulers, etwa tcp://192.168.0.10:8786. Wenn nicht angegeben, aus GEOSAM_CLUSTER; none lässt das außer Acht.</translation>
    </message>
    <message>
      <source>Spreads the prompts over processes: local or local:4 on this computer, or the address of a Dask scheduler, such as tcp://192.168.0.10:8786. If not set, it is taken from GEOSAM_CLUSTER; none ignores that.</source>
      <translation>Verteilt die Vorgaben auf Prozesse: local oder local:4 auf diesem Rechner, oder die Adresse eines Dask-Schedulers, etwa tcp://192.168.0.10:8786. Wenn nicht angegeben, aus GEOSAM_CLUSTER; none lässt das außer Acht.</translation>
    </message>
    <message>
      <source>Start date</source>
      <translation>Startzeitpunkt</translation>
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
      <source>Summary</source>
      <translation>Zusammenfassung</translation>
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
      <source>Table of dates</source>
      <translation>Tabelle der Zeitpunkte</translation>
    </message>
    <message>
      <source>Target CRS</source>
      <translation>Ziel-KBS</translation>
    </message>
    <message>
      <source>Target resolution (meters)</source>
      <translation>Zielauflösung (Meter)</translation>
    </message>
    <message>
      <source>Tells the objects apart; prompts with the same value are one object.</source>
      <translation>Unterscheidet die Objekte; Vorgaben mit demselben Wert sind ein Objekt.</translation>
    </message>
    <message>
      <source>That is more than {} min</source>
      <translation>Das ist mehr als {} min</translation>
    </message>
    <message>
      <source>That takes about {} of a processor's core</source>
      <translation>Das braucht etwa {} eines Prozessorkerns</translation>
    </message>
    <message>
      <source>The Apple GPU cannot be used: {}. Let GeoSAM choose the device, or use the CPU</source>
      <translation>Die GPU von Apple ist nicht verwendbar: {}. GeoSAM das Gerät wählen lassen, oder den Prozessor nehmen</translation>
    </message>
    <message>
      <source>The CRS {} has no known place on the Earth. Assign the layer its true CRS.</source>
      <translation>Das KBS {} hat keinen bekannten Ort auf der Erde. Dem Layer sein wahres KBS zuweisen.</translation>
    </message>
    <message>
      <source>The NVIDIA GPU cannot be used: {}. Let GeoSAM choose the device, or use the CPU</source>
      <translation>Die NVIDIA-GPU ist nicht verwendbar: {}. GeoSAM das Gerät wählen lassen, oder den Prozessor nehmen</translation>
    </message>
    <message>
      <source>The NVIDIA GPU to use if there are several, counted from 0.</source>
      <translation>Welche NVIDIA-GPU benutzt wird, wo es mehrere gibt; gezählt wird von 0.</translation>
    </message>
    <message>
      <source>The Processing option {} now leads to this engine</source>
      <translation>Die Verarbeitungs-Option {} führt jetzt zu dieser Engine</translation>
    </message>
    <message>
      <source>The Python that {} brought ({}) cannot be used: it {}</source>
      <translation>Das Python, das {} gebracht hat ({}), ist nicht verwendbar: {}</translation>
    </message>
    <message>
      <source>The SHA-256 ({}...) is none of those published for {}, so this is another file, such as a converted one. Its content is taken, and compared strictly when it is loaded</source>
      <translation>Die SHA-256 ({}...) ist keine von denen, die für {} veröffentlicht sind; es ist also eine andere Datei, etwa eine umgewandelte. Ihr Inhalt wird angenommen und beim Laden streng verglichen</translation>
    </message>
    <message>
      <source>The SHA-256 is that published for {} ({}...); GeoSAM could not confirm it with a separate file</source>
      <translation>Die SHA-256 ist die für {} veröffentlichte ({}...); GeoSAM konnte sie nicht mit einer eigenen Datei bestätigen</translation>
    </message>
    <message>
      <source>The SPACING of Segment everything, for the estimate of its points and its time.</source>
      <translation>Das SPACING von „Alles segmentieren“, für die Schätzung seiner Punkte und seiner Dauer.</translation>
    </message>
    <message>
      <source>The Slurm array does not give the number of shards ({} tasks from {} to {}): number it from 0 or 1 without gaps, or give the shard, such as 3/16, or {} for no shard</source>
      <translation>Das Slurm-Array gibt die Zahl der Teile nicht her ({} Aufgaben von {} bis {}): es von 0 oder 1 an lückenlos nummerieren, oder den Teil angeben, etwa 3/16, oder {} für keinen Teil</translation>
    </message>
    <message>
      <source>The area lies outside every patch. Choose one that overlaps the features</source>
      <translation>Das Gebiet liegt außerhalb aller Ausschnitte. Eines wählen, das die Merkmale überlappt</translation>
    </message>
    <message>
      <source>The area lies outside every patch: choose one that overlaps the features</source>
      <translation>Das Gebiet liegt außerhalb aller Ausschnitte: eines wählen, das die Merkmale überlappt</translation>
    </message>
    <message>
      <source>The authentication configuration {} cannot be used: check AUTH, and QGIS's master password</source>
      <translation>Die Authentifizierungskonfiguration {} ist nicht verwendbar: AUTH und das Master-Passwort von QGIS prüfen</translation>
    </message>
    <message>
      <source>The band has no two different values in the extent, so that no threshold can be taken from them: give another band or extent, or a threshold</source>
      <translation>Der Kanal hat in der Ausdehnung keine zwei verschiedenen Werte, sodass sich ihnen kein Schwellenwert entnehmen lässt: einen anderen Kanal, eine andere Ausdehnung oder einen Schwellenwert angeben</translation>
    </message>
    <message>
      <source>The band with the values.</source>
      <translation>Der Kanal mit den Werten.</translation>
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
      <source>The bundled model {} is missing ({}): install GeoSAM again, or give its file as the checkpoint</source>
      <translation>Das mitgelieferte Modell {} fehlt ({}): GeoSAM neu installieren, oder seine Datei als Checkpoint angeben</translation>
    </message>
    <message>
      <source>The candidates, the most similar first, with similarity (0 to 1), rank and the id of the nearest example.</source>
      <translation>Die Kandidaten, die ähnlichsten zuerst, mit similarity (0 bis 1), Rang und der Nummer des nächsten Beispiels.</translation>
    </message>
    <message>
      <source>The checkpoint of {id} is under Meta's SAM License, which everybody has to accept personally. 1. Read and accept it at {page} with an account of Hugging Face; Meta reviews requests by hand. 2. Download {file} there with your browser. 3. Run Download model with MODEL {id} and that file as FILE. If your account has access, AUTH with an access token of Hugging Face as password replaces the steps 2 and 3</source>
      <translation>Der Checkpoint von {id} steht unter der SAM-Lizenz von Meta, die jeder selbst annehmen muss. 1. Sie auf {page} mit einem Konto bei Hugging Face lesen und annehmen; Meta prüft Anträge von Hand. 2. Dort {file} mit dem Browser herunterladen. 3. „Modell herunterladen“ mit MODEL {id} und dieser Datei als FILE ausführen. Hat das Konto Zugang, ersetzt AUTH mit einem Zugriffstoken von Hugging Face als Passwort die Schritte 2 und 3</translation>
    </message>
    <message>
      <source>The checkpoint of {} is missing ({}): accept its license at {}, download {} there, and import it with Download model (geosam:downloadmodel for {}, with the file), or give the file as the checkpoint</source>
      <translation>Der Checkpoint von {} fehlt ({}): seine Lizenz auf {} annehmen, dort {} herunterladen und mit „Modell herunterladen“ übernehmen (geosam:downloadmodel für {}, mit der Datei), oder die Datei als Checkpoint angeben</translation>
    </message>
    <message>
      <source>The checkpoint of {} is missing ({}): run Download model (geosam:downloadmodel for {}, {} MB; in Python download_model), or give the file of {} as the checkpoint, or set {} to the folder that holds {}</source>
      <translation>Der Checkpoint von {} fehlt ({}): „Modell herunterladen“ ausführen (geosam:downloadmodel für {}, {} MB; in Python download_model), oder die Datei von {} als Checkpoint angeben, oder {} auf den Ordner setzen, der {} enthält</translation>
    </message>
    <message>
      <source>The checkpoint {} ({} bytes) is truncated or damaged ({}): copy or download it again</source>
      <translation>Der Checkpoint {} ({} Bytes) ist abgeschnitten oder beschädigt ({}): ihn erneut kopieren oder herunterladen</translation>
    </message>
    <message>
      <source>The checkpoint {} ({} bytes) is truncated or not a checkpoint of PyTorch: download it again</source>
      <translation>Der Checkpoint {} ({} Bytes) ist abgeschnitten oder kein Checkpoint von PyTorch: ihn erneut herunterladen</translation>
    </message>
    <message>
      <source>The checkpoint {} cannot be read ({}): check that it is a file and its permissions</source>
      <translation>Der Checkpoint {} lässt sich nicht lesen ({}): prüfen, ob er eine Datei ist, und seine Zugriffsrechte</translation>
    </message>
    <message>
      <source>The checkpoint {} does not fit {}, whose sizes it has: give another checkpoint ({})</source>
      <translation>Der Checkpoint {} passt nicht zu {}, dessen Größen er hat: einen anderen Checkpoint angeben ({})</translation>
    </message>
    <message>
      <source>The checkpoint {} does not fit {}: it {}. Download the file again, and please report this if it is Meta's own</source>
      <translation>Der Checkpoint {} passt nicht zu {}: {}. Die Datei erneut herunterladen und dies bitte melden, wenn sie von Meta selbst ist</translation>
    </message>
    <message>
      <source>The checkpoint {} holds no network of SAM, SAM2 or SAM3: give one of those</source>
      <translation>Der Checkpoint {} enthält kein Netz von SAM, SAM2 oder SAM3: eines davon angeben</translation>
    </message>
    <message>
      <source>The checkpoint {} holds no weights of a network: give a checkpoint of SAM, SAM2 or SAM3</source>
      <translation>Der Checkpoint {} enthält keine Gewichte eines Netzes: einen Checkpoint von SAM, SAM2 oder SAM3 angeben</translation>
    </message>
    <message>
      <source>The checkpoint {} holds {}, not {} as asked: choose the model {} or give the checkpoint of {}</source>
      <translation>Der Checkpoint {} enthält {}, nicht {}, wie verlangt: das Modell {} wählen oder den Checkpoint von {} angeben</translation>
    </message>
    <message>
      <source>The checkpoint {} holds {}, which is none of the known models: give a checkpoint of SAM (vit_b, vit_l, vit_h), SAM2, SAM2.1 or SAM3</source>
      <translation>Der Checkpoint {} enthält {}, was keines der bekannten Modelle ist: einen Checkpoint von SAM (vit_b, vit_l, vit_h), SAM2, SAM2.1 oder SAM3 angeben</translation>
    </message>
    <message>
      <source>The checkpoint {} is not the official file of {} (SHA-256 {}..., not {}...; {} bytes, not {}): run Download model (geosam:downloadmodel for {}) and overwrite it, or give weights of your own as the checkpoint</source>
      <translation>Der Checkpoint {} ist nicht die amtliche Datei von {} (SHA-256 {}..., nicht {}...; {} Bytes, nicht {}): „Modell herunterladen“ ausführen (geosam:downloadmodel für {}) und ihn ersetzen, oder eigene Gewichte als Checkpoint angeben</translation>
    </message>
    <message>
      <source>The checkpoint {} is of the format safetensors, whose package is not installed: run Install engine with SAM3</source>
      <translation>Der Checkpoint {} hat das Format safetensors, dessen Paket nicht installiert ist: „Engine installieren“ mit SAM3 ausführen</translation>
    </message>
    <message>
      <source>The chip {} in {} has no features for words and examples: encode the raster with SAM3 and its features for words and examples into another folder</source>
      <translation>Der Chip {} in {} hat keine Merkmale für Wörter und Beispiele: das Raster mit SAM3 und seinen Merkmalen für Wörter und Beispiele in einen anderen Ordner kodieren</translation>
    </message>
    <message>
      <source>The chip {} in {} is damaged ({}): encode the raster again into the same folder, which makes only this chip again</source>
      <translation>Der Chip {} in {} ist beschädigt ({}): das Raster noch einmal in denselben Ordner kodieren; nur dieser Chip wird neu gemacht</translation>
    </message>
    <message>
      <source>The chip {} is missing in {}: encode the raster again into the same folder to make it again</source>
      <translation>Der Chip {} fehlt in {}: das Raster noch einmal in denselben Ordner kodieren, um ihn neu zu machen</translation>
    </message>
    <message>
      <source>The chips to copy take {} MB, but the disk of {} has {} MB free. Free some space</source>
      <translation>Die zu kopierenden Chips brauchen {} MB, aber auf dem Datenträger von {} sind {} MB frei. Platz schaffen</translation>
    </message>
    <message>
      <source>The cluster has no worker: waiting for one</source>
      <translation>Der Cluster hat keinen Worker: auf einen wird gewartet</translation>
    </message>
    <message>
      <source>The computation precision {} cannot be used on {}: {}; choose {}</source>
      <translation>Die Rechengenauigkeit {} ist auf {} nicht verwendbar: {}; {} wählen</translation>
    </message>
    <message>
      <source>The contrast of objects stays unknown ({})</source>
      <translation>Der Kontrast der Objekte bleibt unbekannt ({})</translation>
    </message>
    <message>
      <source>The date of the prompt ({}) cannot be read: write it as 2019-07-21, 2019-07 or 2019</source>
      <translation>Das Datum der Vorgabe ({}) lässt sich nicht lesen: als 2019-07-21, 2019-07 oder 2019 schreiben</translation>
    </message>
    <message>
      <source>The date of {} in DATE_TABLE ({}) cannot be read. Write year, month and day, such as 2019-07-21.</source>
      <translation>Das Datum von {} in DATE_TABLE ({}) lässt sich nicht lesen. Jahr, Monat und Tag schreiben, etwa 2019-07-21.</translation>
    </message>
    <message>
      <source>The date that a prompt was drawn on. Prompts of one object id on later dates correct it.</source>
      <translation>Das Datum, für das eine Vorgabe gezeichnet wurde. Vorgaben derselben Objektnummer an späteren Zeitpunkten berichtigen sie.</translation>
    </message>
    <message>
      <source>The dates are not known, so that there are no trends. Set DATE_PATTERN</source>
      <translation>Die Zeitpunkte sind nicht bekannt, daher gibt es keine Trends. DATE_PATTERN angeben</translation>
    </message>
    <message>
      <source>The descriptor {} looks at colors: give the raster that the objects were seen in, or choose the descriptor shape</source>
      <translation>Der Deskriptor {} sieht auf Farben: das Raster angeben, in dem die Objekte gesehen wurden, oder den Deskriptor shape wählen</translation>
    </message>
    <message>
      <source>The descriptor {} needs features: give a feature folder of the raster, or choose another descriptor</source>
      <translation>Der Deskriptor {} braucht Merkmale: einen Merkmalordner des Rasters angeben, oder einen anderen Deskriptor wählen</translation>
    </message>
    <message>
      <source>The disk of {} has {} GB free, but the engine ({}) needs {} GB while it is installed: free some, or name a FOLDER on another disk</source>
      <translation>Auf dem Datenträger von {} sind {} GB frei, aber die Engine ({}) braucht {} GB, während sie installiert wird: Platz schaffen, oder einen FOLDER auf einem anderen Datenträger nennen</translation>
    </message>
    <message>
      <source>The disk of {} has {} MB free, but {} MB are needed: make room, or choose another FOLDER</source>
      <translation>Auf dem Datenträger von {} sind {} MB frei, aber {} MB nötig: Platz schaffen, oder einen anderen FOLDER wählen</translation>
    </message>
    <message>
      <source>The disk of {} is full: free some space and run again with the same settings, the {} patches that are done are kept</source>
      <translation>Der Datenträger von {} ist voll: Platz schaffen und mit denselben Einstellungen erneut ausführen; die {} fertigen Ausschnitte bleiben</translation>
    </message>
    <message>
      <source>The disk of {} is full: free some space and run again with the same settings; finished chips are kept</source>
      <translation>Der Datenträger von {} ist voll: Platz schaffen und mit denselben Einstellungen erneut ausführen; fertige Chips bleiben</translation>
    </message>
    <message>
      <source>The distance by which a box extends beyond its object on each side, in percent of its width and height.</source>
      <translation>Wie weit ein Rahmen auf jeder Seite über sein Objekt hinausreicht, in Prozent von dessen Breite und Höhe.</translation>
    </message>
    <message>
      <source>The distance of the finest points. Half the spacing finds smaller objects and takes up to four times as long. If not set, the minimum area determines it; without one, it is 16.</source>
      <translation>Der Abstand der feinsten Punkte. Der halbe Abstand findet kleinere Objekte und dauert bis zu viermal so lange. Wenn nicht angegeben, folgt er aus der Mindestfläche; ohne eine ist er 16.</translation>
    </message>
    <message>
      <source>The earlier image.</source>
      <translation>Das frühere Bild.</translation>
    </message>
    <message>
      <source>The engine does not start with {}: to repair its environment {}, or let {} name another one. {}</source>
      <translation>Die Engine startet nicht mit {}: zum Reparieren ihrer Umgebung {}, oder {} eine andere nennen lassen. {}</translation>
    </message>
    <message>
      <source>The engine ended unexpectedly with exit code {}. Run again, and report it if it recurs</source>
      <translation>Die Engine endete unerwartet mit dem Exit-Code {}. Erneut ausführen, und melden, wenn es wieder geschieht</translation>
    </message>
    <message>
      <source>The engine in {} cannot be removed ({}): close other windows of QGIS that use it, and run this again</source>
      <translation>Die Engine in {} lässt sich nicht entfernen ({}): andere Fenster von QGIS schließen, die sie benutzen, und erneut ausführen</translation>
    </message>
    <message>
      <source>The engine in {} was removed</source>
      <translation>Die Engine in {} wurde entfernt</translation>
    </message>
    <message>
      <source>The engine is at work on another run: start this one after it</source>
      <translation>Die Engine arbeitet gerade an einem anderen Lauf: diesen danach starten</translation>
    </message>
    <message>
      <source>The engine is up to date: {}.</source>
      <translation>Die Engine ist aktuell: {}.</translation>
    </message>
    <message>
      <source>The engine of {} is version {}, but the plugin in {} is version {}: {}, or let {} name an environment of the plugin's version</source>
      <translation>Die Engine von {} hat die Version {}, aber die Erweiterung in {} hat die Version {}: {}, oder {} eine Umgebung mit der Version der Erweiterung nennen lassen</translation>
    </message>
    <message>
      <source>The engine that is there is of another version or build, or lacks packages: a new one is made.</source>
      <translation>Die vorhandene Engine hat eine andere Version oder Variante, oder es fehlen ihr Pakete: eine neue wird angelegt.</translation>
    </message>
    <message>
      <source>The engine that is there is replaced. {}</source>
      <translation>Die vorhandene Engine wird ersetzt. {}</translation>
    </message>
    <message>
      <source>The engine was stopped by signal {}; {}</source>
      <translation>Die Engine wurde vom Signal {} beendet; {}</translation>
    </message>
    <message>
      <source>The engine's Python cannot be started ({}: {}): {}, or correct {}</source>
      <translation>Das Python der Engine lässt sich nicht starten ({}: {}): {}, oder {} berichtigen</translation>
    </message>
    <message>
      <source>The engine's environment {} does not work: {}; run the installation again, which repeats it</source>
      <translation>Die Umgebung der Engine {} läuft nicht: {}; die Installation noch einmal ausführen, die sie neu anlegt</translation>
    </message>
    <message>
      <source>The engine's environment {} is ready: {}.</source>
      <translation>Die Umgebung der Engine {} ist fertig: {}.</translation>
    </message>
    <message>
      <source>The engine's environment {} is up to date.</source>
      <translation>Die Umgebung der Engine {} ist aktuell.</translation>
    </message>
    <message>
      <source>The environment variable {} ({}) goes before this engine: unset it, or set it to {}</source>
      <translation>Die Umgebungsvariable {} ({}) geht dieser Engine vor: sie löschen oder auf {} setzen</translation>
    </message>
    <message>
      <source>The example objects with their best patch, the number of patches that contain each completely, and its longer side in patch widths. A field states whether it lies completely in a patch with the margin.</source>
      <translation>Die Beispielobjekte, jedes mit seinem besten Ausschnitt, wie viele Ausschnitte es ganz enthalten, seine längere Seite in Breiten eines Ausschnitts, und ob es mit dem Rand ganz in einem Ausschnitt liegt.</translation>
    </message>
    <message>
      <source>The example objects, and how they lie in the patches before the recommendation.</source>
      <translation>Die Beispielobjekte, und wie sie vor der Empfehlung in den Ausschnitten liegen.</translation>
    </message>
    <message>
      <source>The extent ({}) cannot be in {}, whose latitudes end at 90 degrees: give the raster its right CRS</source>
      <translation>Die Ausdehnung ({}) kann nicht in {} liegen, dessen Breiten bei 90 Grad enden: dem Raster das richtige KBS geben</translation>
    </message>
    <message>
      <source>The extent ({}) cannot be transformed to {} ({}): give another target CRS or a smaller extent</source>
      <translation>Die Ausdehnung ({}) lässt sich nicht in {} umrechnen ({}): ein anderes Ziel-KBS oder eine kleinere Ausdehnung angeben</translation>
    </message>
    <message>
      <source>The extent ({}) does not overlap the raster ({}): give one that does, in the raster's CRS</source>
      <translation>Die Ausdehnung ({}) überlappt das Raster ({}) nicht: eine angeben, die es tut, im KBS des Rasters</translation>
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
      <source>The extent is {} degrees wide, too wide for the one UTM zone of its center: give a target CRS for all of it, or a smaller extent</source>
      <translation>Die Ausdehnung ist {} Grad breit, zu breit für die eine UTM-Zone ihrer Mitte: ein Ziel-KBS für die ganze oder eine kleinere Ausdehnung angeben</translation>
    </message>
    <message>
      <source>The extent needs {} tiles of the layer {}, more than MAX_TILES ({}): take a smaller one, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's terms of use allow that</source>
      <translation>Die Ausdehnung braucht {} Kacheln des Layers {}, mehr als MAX_TILES ({}): eine kleinere nehmen, gröbere RESOLUTION oder ZOOM, oder MAX_TILES erhöhen, wenn die Nutzungsbedingungen des Servers so viele erlauben</translation>
    </message>
    <message>
      <source>The feature folder of the examples' raster, of the same model.</source>
      <translation>Der Merkmalordner vom Raster der Beispiele, von demselben Modell.</translation>
    </message>
    <message>
      <source>The feature folder of the raster. Needed for features.</source>
      <translation>Der Merkmalordner des Rasters. Nötig für features.</translation>
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
      <source>The features of {} cannot be stored and reused: choose a SAM or SAM2 model</source>
      <translation>Die Merkmale von {} lassen sich nicht aufheben und wieder benutzen: ein Modell von SAM oder SAM2 wählen</translation>
    </message>
    <message>
      <source>The field of the table with the dates: a date, or text such as 2019-07-21 or 2019.</source>
      <translation>Das Feld der Tabelle mit den Daten: ein Datum, oder Text wie 2019-07-21 oder 2019.</translation>
    </message>
    <message>
      <source>The field of the table with the names of files, layers or folders, or their paths.</source>
      <translation>Das Feld der Tabelle mit den Namen der Dateien, Layer oder Ordner, oder mit ihren Pfaden.</translation>
    </message>
    <message>
      <source>The field that holds 1 for examples and 0 for counterexamples, which objects must not be like. If not set, all are examples.</source>
      <translation>Das Feld, das 1 für Beispiele enthält und 0 für Gegenbeispiele, denen Objekte nicht ähneln dürfen. Wenn nicht angegeben, sind alle Beispiele.</translation>
    </message>
    <message>
      <source>The field with the phrase or the class name of each example. Required if there are several phrases.</source>
      <translation>Das Feld mit dem Begriff, den ein Beispiel zeigt, oder mit einem eigenen Namen. Nötig, wenn es mehrere Begriffe gibt.</translation>
    </message>
    <message>
      <source>The file with the model's weights. Its model is recognized, unless MODEL names another than the default. If not set, the file is searched for in the model folder.</source>
      <translation>Die Datei mit den Gewichten des Modells; welches sie enthält, wird erkannt, wenn MODEL nicht ein anderes als das vorgegebene nennt. Keine: sie wird gesucht, wo Modelle liegen.</translation>
    </message>
    <message>
      <source>The file {} in {} is missing or damaged: encode the raster again into the same folder, which encodes only this patch</source>
      <translation>Die Datei {} in {} fehlt oder ist beschädigt: das Raster noch einmal in denselben Ordner kodieren; nur dieser Ausschnitt wird kodiert</translation>
    </message>
    <message>
      <source>The first one is as far from the border as possible, each further one as far as possible from those before it.</source>
      <translation>Der erste ist möglichst weit vom Rand entfernt, jeder weitere möglichst weit von denen davor.</translation>
    </message>
    <message>
      <source>The folder for the features. An interrupted run with the same settings is completed; other settings in the folder are an error.</source>
      <translation>Der Ordner für die Merkmale. Einer, den ein früherer Lauf mit denselben Einstellungen begonnen hat, wird vervollständigt; einer mit anderen ist ein Fehler, der sagt, worin sie sich unterscheiden.</translation>
    </message>
    <message>
      <source>The folder for the file. If not set, the folder of GeoSAM's settings is used, where the other algorithms look for models.</source>
      <translation>Wohin die Datei kommt. Keiner: der Ordner aus den Einstellungen von GeoSAM, in dem die anderen Algorithmen Modelle suchen.</translation>
    </message>
    <message>
      <source>The folder of the checkpoints. If not set, the folder of GeoSAM's settings is used.</source>
      <translation>Wo gesucht wird. Keiner: der Ordner aus den Einstellungen von GeoSAM.</translation>
    </message>
    <message>
      <source>The folder that Encode raster made with the model sam3. Give this or a raster.</source>
      <translation>Der Ordner, den „Raster kodieren“ mit dem Modell sam3 angelegt hat. Diesen oder ein Raster angeben.</translation>
    </message>
    <message>
      <source>The folder that Encode raster or Geo-SAM made: the one that holds manifest.parquet. Patches that overlap by half give objects without seams.</source>
      <translation>Der Ordner, den „Raster kodieren“ oder Geo-SAM angelegt hat: der mit manifest.parquet. Ausschnitte, die sich zur Hälfte überlappen, geben Objekte ohne Nähte.</translation>
    </message>
    <message>
      <source>The folder that the engine was installed in. If not set, geosam/engine in the folder of the QGIS profile is used.</source>
      <translation>Der Ordner, in dem die Engine installiert wurde. Wenn nicht angegeben, geosam/engine im Ordner des QGIS-Profils.</translation>
    </message>
    <message>
      <source>The folder {} cannot be read ({})</source>
      <translation>Der Ordner {} lässt sich nicht lesen ({})</translation>
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
      <source>The inputs have dates already: give a list, or no dates</source>
      <translation>Die Eingaben haben schon Daten: eine Liste angeben, oder keine Daten</translation>
    </message>
    <message>
      <source>The journal {} cannot be written ({}): check the folder and its disk</source>
      <translation>Das Journal {} lässt sich nicht schreiben ({}): den Ordner und seinen Datenträger prüfen</translation>
    </message>
    <message>
      <source>The kind {} is given twice: give every kind once</source>
      <translation>Die Art {} ist zweimal angegeben: jede Art einmal angeben</translation>
    </message>
    <message>
      <source>The lakes, with score, stability and area.</source>
      <translation>Die Seen, mit Güte, Stabilität und Fläche.</translation>
    </message>
    <message>
      <source>The later image.</source>
      <translation>Das spätere Bild.</translation>
    </message>
    <message>
      <source>The layer has no fixed resolution. Give RESOLUTION (meters)</source>
      <translation>Der Layer hat keine eigene Auflösung: RESOLUTION angeben (Meter)</translation>
    </message>
    <message>
      <source>The layer has values other than 0 to 255, and of a layer that is fetched part by part no range can be taken: give a value range</source>
      <translation>Der Layer hat andere Werte als 0 bis 255, und einem Layer, der Stück für Stück abgerufen wird, lässt sich kein Wertebereich entnehmen: einen Wertebereich angeben</translation>
    </message>
    <message>
      <source>The layer has {} x {} pixels: give one that knows its extent</source>
      <translation>Der Layer hat {} x {} Pixel: einen angeben, der seine Ausdehnung kennt</translation>
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
      <source>The layers have {} classes, and at most {} can be compared. Choose a field with the names of classes, not with ids.</source>
      <translation>Die Layer haben {} Klassen, und höchstens {} lassen sich vergleichen. Ein Feld mit den Namen der Klassen wählen, nicht eines mit Nummern.</translation>
    </message>
    <message>
      <source>The least distance of an object from the edge of its patch, because masks are worse at the edge.</source>
      <translation>So weit muss ein Objekt vom Rand seines Ausschnitts entfernt sein, weil Masken am Rand schlechter sind.</translation>
    </message>
    <message>
      <source>The least intersection over union, in the area that two patches saw, of two pieces of one object.</source>
      <translation>Die geringste IoU (Schnittfläche geteilt durch vereinigte Fläche) zweier Stücke eines Objekts, in dem Gebiet, das zwei Ausschnitte gesehen haben.</translation>
    </message>
    <message>
      <source>The live cache {} cannot be read ({}): choose another folder for it</source>
      <translation>Der Live-Zwischenspeicher {} lässt sich nicht lesen ({}): einen anderen Ordner für ihn wählen</translation>
    </message>
    <message>
      <source>The live cache {} cannot be written ({}), going on without it: free some space, or let GEOSAM_CACHE_FOLDER name another folder</source>
      <translation>Der Live-Zwischenspeicher {} lässt sich nicht beschreiben ({}), es geht ohne ihn weiter: Platz schaffen, oder GEOSAM_CACHE_FOLDER einen anderen Ordner nennen lassen</translation>
    </message>
    <message>
      <source>The manifest does not name the last patches ({}); they are in the folder and are used when it is encoded again</source>
      <translation>Das Manifest nennt die letzten Ausschnitte nicht ({}); sie liegen im Ordner und werden benutzt, wenn er erneut kodiert wird</translation>
    </message>
    <message>
      <source>The memory did not suffice ({}): lower the batch size, take a smaller model, close other programs, or run on the CPU if a GPU ran out</source>
      <translation>Der Speicher hat nicht gereicht ({}): die Stapelgröße senken, ein kleineres Modell nehmen, andere Programme schließen, oder den Prozessor nehmen, wenn der Speicher einer GPU ausging</translation>
    </message>
    <message>
      <source>The memory does not find it (object score {})</source>
      <translation>Das Gedächtnis findet es nicht (Objektgüte {})</translation>
    </message>
    <message>
      <source>The memory of the worker did not suffice ({})</source>
      <translation>Der Speicher des Workers hat nicht gereicht ({})</translation>
    </message>
    <message>
      <source>The memory of {} does not suffice for {} patches at once, going on with {}</source>
      <translation>Der Speicher von {} reicht nicht für {} Ausschnitte zugleich, weiter mit {}</translation>
    </message>
    <message>
      <source>The memory of {} does not suffice for {}: close other programs that use it, {}</source>
      <translation>Der Speicher von {} reicht nicht für {}: andere Programme schließen, die ihn benutzen, {}</translation>
    </message>
    <message>
      <source>The memory takes about {} s for each object and date, {} min for {} objects</source>
      <translation>Das Gedächtnis braucht etwa {} s je Objekt und Zeitpunkt, {} min für {} Objekte</translation>
    </message>
    <message>
      <source>The method auto takes prompts if memory is expected to take longer.</source>
      <translation>Das Verfahren auto nimmt prompts, wenn memory voraussichtlich länger braucht.</translation>
    </message>
    <message>
      <source>The minimum area ({} m2) is above the maximum area ({} m2): lower the minimum</source>
      <translation>Die Mindestfläche ({} m2) liegt über der Höchstfläche ({} m2): die Mindestfläche senken</translation>
    </message>
    <message>
      <source>The model found nothing at this prompt (an empty mask): move it, or add a point</source>
      <translation>Das Modell hat bei dieser Vorgabe nichts gefunden (eine leere Maske): sie verschieben, oder einen Punkt hinzufügen</translation>
    </message>
    <message>
      <source>The names of {} of {} in {} have no date by the pattern {}, the first is {}. Set DATE_PATTERN to a pattern such as %Y%m%d, or DATES to table, metadata or order.</source>
      <translation>Die Namen von {} von {} in {} haben kein Datum nach dem Muster {}, der erste ist {}. DATE_PATTERN auf ein Muster wie %Y%m%d setzen, oder DATES auf table, metadata oder order.</translation>
    </message>
    <message>
      <source>The number of dates that an outline is derived from. More take longer. Only for memory.</source>
      <translation>Die Zahl der Zeitpunkte, aus denen ein Umriss abgeleitet wird. Mehr brauchen länger. Nur für memory.</translation>
    </message>
    <message>
      <source>The number of further requests for a failed tile, after 1, 2, 4 ... seconds. Tiles that the server lacks or refuses (HTTP 404, 403 ...) are not requested again.</source>
      <translation>Wie oft nach einer gescheiterten Kachel noch einmal gefragt wird, nach 1, 2, 4 ... Sekunden. Was der Server nicht hat oder verweigert (HTTP 404, 403 ...), wird nicht noch einmal angefragt.</translation>
    </message>
    <message>
      <source>The number of most similar objects to write. If not set, all are written.</source>
      <translation>Nur so viele der ähnlichsten Objekte werden geschrieben. Wenn nicht angegeben, alle.</translation>
    </message>
    <message>
      <source>The number of patches that are tried for an object that reaches the edge of its patch. With 1, only the first patch is used.</source>
      <translation>Auf wie vielen Ausschnitten ein Objekt versucht werden darf, bis es den Rand nicht mehr berührt. 1: nur auf dem ersten.</translation>
    </message>
    <message>
      <source>The object has background points only: add a foreground point or a box</source>
      <translation>Das Objekt hat nur Hintergrundpunkte: einen Vordergrundpunkt oder einen Rahmen hinzufügen</translation>
    </message>
    <message>
      <source>The object was not seen on any date</source>
      <translation>Das Objekt wurde an keinem Zeitpunkt gesehen</translation>
    </message>
    <message>
      <source>The objects as polygons.</source>
      <translation>Die Polygone.</translation>
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
      <source>The objects that match a reference, with the reference's id, the IoU, the distance of the outlines and the shift.</source>
      <translation>Die Objekte, die einer Referenz entsprechen, mit deren Nummer, der IoU, dem Abstand der Umrisse und der Verschiebung.</translation>
    </message>
    <message>
      <source>The objects that match a reference.</source>
      <translation>Die Objekte, die einer Referenz entsprechen.</translation>
    </message>
    <message>
      <source>The objects to rank, in any CRS.</source>
      <translation>Die zu ordnenden Objekte, in jedem KBS.</translation>
    </message>
    <message>
      <source>The objects with their class, in the CRS of the features.</source>
      <translation>Die Objekte mit ihrer Klasse, im KBS der Merkmale.</translation>
    </message>
    <message>
      <source>The objects without a match, with the reference that fits best and its IoU.</source>
      <translation>Die Objekte ohne Treffer, mit der Referenz, die am besten passt, und deren IoU.</translation>
    </message>
    <message>
      <source>The objects without a match.</source>
      <translation>Die Objekte ohne Treffer.</translation>
    </message>
    <message>
      <source>The objects without overlaps, with score, stability and area.</source>
      <translation>Die Objekte ohne Überlappungen, mit Güte, Stabilität und Fläche.</translation>
    </message>
    <message>
      <source>The objects without overlaps, with their area in square meters, object_m2.</source>
      <translation>Die Objekte ohne Überlappungen, mit ihrer Fläche in Quadratmetern, object_m2.</translation>
    </message>
    <message>
      <source>The objects, in any CRS. Invalid geometries are repaired.</source>
      <translation>Die Objekte, in jedem KBS. Ungültige Geometrien werden repariert.</translation>
    </message>
    <message>
      <source>The objects, in the CRS of the features or of the raster.</source>
      <translation>Die Objekte, im KBS der Merkmale oder des Rasters.</translation>
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area as segmented, and how far their outlines were moved.</source>
      <translation>Die Objekte mit den Attributen ihrer Vorgaben, Güte und Fläche, wie sie segmentiert wurden, und wie weit ihre Umrisse verschoben wurden.</translation>
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area.</source>
      <translation>Die Objekte mit den Attributen ihrer Vorgaben, Güte und Fläche.</translation>
    </message>
    <message>
      <source>The outlines of the patches that the objects were seen in, such as PATCHES of Encode raster. They have to overlap.</source>
      <translation>Die Umrisse der Ausschnitte, in denen die Objekte gesehen wurden, etwa PATCHES von „Raster kodieren“. Sie müssen sich überlappen.</translation>
    </message>
    <message>
      <source>The output folder of Encode raster or Geo-SAM, which contains manifest.parquet.</source>
      <translation>Der Ordner, den „Raster kodieren“ oder Geo-SAM angelegt hat: der mit manifest.parquet.</translation>
    </message>
    <message>
      <source>The output folder of Encode raster that all shards share, or a folder that contains the output folders of several machines.</source>
      <translation>Der Ausgabeordner von „Raster kodieren“, den alle Teile gemeinsam haben, oder ein Ordner, der die Ausgabeordner mehrerer Rechner enthält.</translation>
    </message>
    <message>
      <source>The output folder of Encode raster. Its patches are marked, and take no time.</source>
      <translation>Der Ausgabeordner von „Raster kodieren“. Ausschnitte, die schon darin sind, werden gekennzeichnet und kosten keine Zeit.</translation>
    </message>
    <message>
      <source>The part to encode. Give this or prompts.</source>
      <translation>Der Teil, der kodiert wird. Diesen oder Vorgaben angeben.</translation>
    </message>
    <message>
      <source>The patch {} has {} x {} pixels, but {} x {} were asked for: please report this</source>
      <translation>Der Ausschnitt {} hat {} x {} Pixel, aber {} x {} waren verlangt: dies bitte melden</translation>
    </message>
    <message>
      <source>The patches are those of a layer or of a feature folder: give one of them</source>
      <translation>Die Ausschnitte sind die eines Layers oder eines Merkmalordners: eines davon angeben</translation>
    </message>
    <message>
      <source>The patches as encoded.</source>
      <translation>Die Ausschnitte, wie sie kodiert sind.</translation>
    </message>
    <message>
      <source>The patches do not overlap (the stride is as large as a patch), so objects at their edges are cut: a stride of {} avoids that</source>
      <translation>Die Ausschnitte überlappen sich nicht (die Schrittweite ist so groß wie ein Ausschnitt), daher werden Objekte an ihren Rändern abgeschnitten: eine Schrittweite von {} vermeidet das</translation>
    </message>
    <message>
      <source>The patches of {} differ in {} ({}, {}): use one folder for each</source>
      <translation>Die Ausschnitte von {} unterscheiden sich in {} ({}, {}): für jedes einen eigenen Ordner nehmen</translation>
    </message>
    <message>
      <source>The picture {} cannot be written ({}): choose another file for PREVIEW</source>
      <translation>Das Bild {} lässt sich nicht schreiben ({}): eine andere Datei als PREVIEW wählen</translation>
    </message>
    <message>
      <source>The polygons of all patches in one layer, in any CRS.</source>
      <translation>Die Polygone aller Ausschnitte in einem Layer, in jedem KBS.</translation>
    </message>
    <message>
      <source>The polygons to assess, such as those of Segment from prompts.</source>
      <translation>Die zu bewertenden Polygone, etwa die von „Nach Vorgaben segmentieren“.</translation>
    </message>
    <message>
      <source>The prompt cannot be transformed from {} to the CRS of the features, {}</source>
      <translation>Die Vorgabe lässt sich nicht von {} in das KBS der Merkmale, {}, umrechnen</translation>
    </message>
    <message>
      <source>The prompt has no date. Fill DATE_FIELD, or set START to first, last or best</source>
      <translation>Die Vorgabe hat kein Datum. DATE_FIELD ausfüllen, oder START auf first, last oder best setzen</translation>
    </message>
    <message>
      <source>The prompt has no geometry: draw it, or delete the row</source>
      <translation>Die Vorgabe hat keine Geometrie: sie zeichnen oder die Zeile löschen</translation>
    </message>
    <message>
      <source>The prompt {} cannot refine an outline: only points can, and no object's first</source>
      <translation>Die Vorgabe {} kann keinen Umriss verfeinern: das können nur Punkte, und nicht die erste eines Objekts</translation>
    </message>
    <message>
      <source>The prompt {} has no date: give it that of a raster or feature folder</source>
      <translation>Die Vorgabe {} hat kein Datum: ihr das eines Rasters oder Merkmalordners geben</translation>
    </message>
    <message>
      <source>The prompt {} is on {}, a date without a raster or feature folder</source>
      <translation>Die Vorgabe {} gilt für {}, einen Zeitpunkt ohne Raster oder Merkmalordner</translation>
    </message>
    <message>
      <source>The prompts cannot be grouped in a temporary file ({}). Make room on the disk for temporary files, or set TMPDIR to a folder on another disk</source>
      <translation>Die Vorgaben lassen sich nicht in einer temporären Datei gruppieren ({}). Auf dem Datenträger für temporäre Dateien Platz schaffen, oder TMPDIR auf einen Ordner auf einem anderen Datenträger setzen</translation>
    </message>
    <message>
      <source>The prompts need at least {} tiles, more than MAX_TILES ({}): take fewer prompts, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's terms of use allow that</source>
      <translation>Die Prompts brauchen mindestens {} Kacheln, mehr als MAX_TILES ({}): weniger Prompts nehmen, eine gröbere RESOLUTION oder ZOOM, oder MAX_TILES erhöhen, wenn die Nutzungsbedingungen des Servers das erlauben</translation>
    </message>
    <message>
      <source>The prompts of objects that were seen on no date, with the reason.</source>
      <translation>Die Vorgaben von Objekten, die an keinem Zeitpunkt gesehen wurden, mit dem Grund.</translation>
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside every patch, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its center where the prompts are points.</source>
      <translation>Die Vorgaben ohne Polygon, mit dem Grund: außerhalb aller Ausschnitte, leere Geometrie, zu geringe Güte und so weiter. Ein Rahmen des zweiten Layers steht mit seinem Mittelpunkt da, wo die Vorgaben Punkte sind.</translation>
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside the raster, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its center where the prompts are points.</source>
      <translation>Die Vorgaben ohne Polygon, mit dem Grund: außerhalb des Rasters, leere Geometrie, zu geringe Güte und so weiter. Ein Rahmen des zweiten Layers steht mit seinem Mittelpunkt da, wo die Vorgaben Punkte sind.</translation>
    </message>
    <message>
      <source>The raster as the model will see it, with its bands, range and resolution. The patches are drawn over it, the objects in white.</source>
      <translation>Das Raster, wie das Modell es sehen wird, nach der Wahl von Kanälen, Wertebereich und Auflösung, darüber die Ausschnitte, und in Weiß die Objekte.</translation>
    </message>
    <message>
      <source>The raster is warped to pixels of this size on the ground. A raster in degrees is warped to its UTM zone, unless a target CRS is given. If not set, the raster's resolution is used.</source>
      <translation>Das Raster wird auf Pixel dieser Größe umgerechnet, am Boden auch dort, wo das KBS das von Webkarten ist. Ein Raster in Grad kommt in seine UTM-Zone, wenn kein Ziel-KBS angegeben ist. Keine: seine eigene Auflösung.</translation>
    </message>
    <message>
      <source>The raster is warped to this CRS before it is encoded. If not set, the raster's CRS is used.</source>
      <translation>Das Raster wird vor dem Kodieren in dieses KBS umprojiziert. Keines: sein eigenes.</translation>
    </message>
    <message>
      <source>The raster that the candidates were seen in. Needed for colors.</source>
      <translation>Das Raster, in dem die Kandidaten gesehen wurden. Nötig für Farben.</translation>
    </message>
    <message>
      <source>The raster that the examples were seen in, if it is another one or another date.</source>
      <translation>Das Raster, in dem die Beispiele gesehen wurden, wenn es ein anderes ist oder von einem anderen Zeitpunkt.</translation>
    </message>
    <message>
      <source>The raster that the objects were seen in. Its pixel size sets the tolerance where none is given.</source>
      <translation>Das Raster, in dem die Objekte gesehen wurden. Seine Pixelgröße bestimmt die Toleranz, wo keine angegeben ist.</translation>
    </message>
    <message>
      <source>The raster {} cannot be opened ({}): check the file. If QGIS shows it, export it as GeoTIFF (Export &gt; Save As), as the engine's GDAL lacks some formats of QGIS's, such as ECW and MrSID</source>
      <translation>Das Raster {} lässt sich nicht öffnen ({}): die Datei prüfen. Wenn QGIS sie zeigt, als GeoTIFF exportieren (Export &gt; Speichern als), da dem GDAL der Engine einige Formate von QGIS fehlen, etwa ECW und MrSID</translation>
    </message>
    <message>
      <source>The raster {} cannot be read in its pixels {}, {} to {}, {} ({}): check the file, or leave that part out with an extent</source>
      <translation>Das Raster {} lässt sich in seinen Pixeln {}, {} bis {}, {} nicht lesen ({}): die Datei prüfen, oder diesen Teil mit einer Ausdehnung auslassen</translation>
    </message>
    <message>
      <source>The raster {} cannot be warped to {} ({}): check its CRS, or give another target CRS</source>
      <translation>Das Raster {} lässt sich nicht in {} umprojizieren ({}): sein KBS prüfen, oder ein anderes Ziel-KBS angeben</translation>
    </message>
    <message>
      <source>The raster {} does not exist: check its path</source>
      <translation>Das Raster {} gibt es nicht: seinen Pfad prüfen</translation>
    </message>
    <message>
      <source>The raster {} has no CRS: assign one to it, such as EPSG:32633 for UTM zone 33N</source>
      <translation>Das Raster {} hat kein KBS: ihm eines zuweisen, etwa EPSG:32633 für die UTM-Zone 33N</translation>
    </message>
    <message>
      <source>The raster {} has no bands: {}</source>
      <translation>Das Raster {} hat keine Kanäle: {}</translation>
    </message>
    <message>
      <source>The raster {} has no data in the extent in the bands ({}): give another extent or other bands</source>
      <translation>Das Raster {} hat in der Ausdehnung keine Daten in den Kanälen ({}): eine andere Ausdehnung oder andere Kanäle angeben</translation>
    </message>
    <message>
      <source>The raster {} has pixels without a size: georeference it</source>
      <translation>Das Raster {} hat Pixel ohne Größe: es georeferenzieren</translation>
    </message>
    <message>
      <source>The raster {} is placed by ground control points only: warp it first, such as with gdalwarp</source>
      <translation>Das Raster {} hat seinen Ort nur von Passpunkten: es erst entzerren, etwa mit gdalwarp</translation>
    </message>
    <message>
      <source>The raster's CRS ({}) has no place on the earth, so it cannot be transformed to {}: leave the target CRS empty, or give the raster another CRS</source>
      <translation>Das KBS des Rasters ({}) hat keinen Ort auf der Erde, lässt sich also nicht in {} umrechnen: das Ziel-KBS leer lassen, oder dem Raster ein anderes KBS geben</translation>
    </message>
    <message>
      <source>The references without a match, with the object that fits best and its IoU.</source>
      <translation>Die Referenzen ohne Treffer, mit dem Objekt, das am besten passt, und dessen IoU.</translation>
    </message>
    <message>
      <source>The references without a match.</source>
      <translation>Die Referenzen ohne Treffer.</translation>
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
      <source>The same areas as a picture, of up to 60 objects.</source>
      <translation>Dieselben Flächen als Bild, von bis zu 60 Objekten.</translation>
    </message>
    <message>
      <source>The same names in the layer of patches. If not set, the field of that name.</source>
      <translation>Dieselben Namen im Layer der Ausschnitte. Wenn nicht angegeben, das Feld gleichen Namens.</translation>
    </message>
    <message>
      <source>The same rows as a table, for plots.</source>
      <translation>Dieselben Zeilen als Tabelle, für Diagramme.</translation>
    </message>
    <message>
      <source>The settings {} cannot be written ({}): choose another file for SETTINGS_FILE</source>
      <translation>Die Einstellungen {} lassen sich nicht schreiben ({}): eine andere Datei als SETTINGS_FILE wählen</translation>
    </message>
    <message>
      <source>The shards lie in {} folders. Give an output folder to merge them into</source>
      <translation>Die Teile liegen in {} Ordnern. Einen Ausgabeordner angeben, in dem sie zusammengeführt werden</translation>
    </message>
    <message>
      <source>The shares of nodata, and which patches are skipped, are estimates: the raster is too large to look at each of its pixels</source>
      <translation>Die Anteile ohne Daten, und welche Ausschnitte übersprungen werden, sind geschätzt: das Raster ist zu groß, um jedes seiner Pixel anzusehen</translation>
    </message>
    <message>
      <source>The size of a pixel on the ground. If not set, the raster's own. A tile layer needs this or a zoom level.</source>
      <translation>Die Größe eines Pixels am Boden. Wenn nicht angegeben, die des Rasters. Ein Kachellayer braucht diese oder eine Zoomstufe.</translation>
    </message>
    <message>
      <source>The size of the pixels of all dates. If not set, that of the first raster.</source>
      <translation>Die Größe der Pixel aller Zeitpunkte. Wenn nicht angegeben, die des ersten Rasters.</translation>
    </message>
    <message>
      <source>The target grid would have {} x {} pixels: give a coarser target resolution or a smaller extent</source>
      <translation>Das Zielgitter hätte {} x {} Pixel: eine gröbere Zielauflösung oder eine kleinere Ausdehnung angeben</translation>
    </message>
    <message>
      <source>The temporary file {} cannot be written ({}). Make room on its disk.</source>
      <translation>Die temporäre Datei {} lässt sich nicht schreiben ({}). Auf ihrem Datenträger Platz schaffen.</translation>
    </message>
    <message>
      <source>The tiles were fetched by an earlier run ({}). Another OUTPUT fetches them again</source>
      <translation>Die Kacheln hat ein früherer Lauf abgerufen ({}); ein anderer OUTPUT ruft sie neu ab</translation>
    </message>
    <message>
      <source>The true class, with the same values as the class field of the objects.</source>
      <translation>Die wahre Klasse, mit denselben Werten wie das Klassenfeld der Objekte.</translation>
    </message>
    <message>
      <source>The true polygons, in any CRS. Those without an object count as missed.</source>
      <translation>Die wahren Polygone, in jedem KBS. Die ohne ein Objekt zählen als übersehen.</translation>
    </message>
    <message>
      <source>The true polygons. To try boxes, it can be the prompts as well.</source>
      <translation>Die wahren Polygone. Um Rahmen auszuprobieren, können es auch die Vorgaben sein.</translation>
    </message>
    <message>
      <source>The value range is not known: a sample of the raster has one value only, and all of it is too large to be read for a preview. Give a value range</source>
      <translation>Der Wertebereich ist nicht bekannt: eine Stichprobe des Rasters hat nur einen Wert, und das ganze ist zu groß, um für eine Vorschau gelesen zu werden. Einen Wertebereich angeben</translation>
    </message>
    <message>
      <source>The values of {} are scaled as QGIS shows them: {}</source>
      <translation>Die Werte von {} werden so skaliert, wie QGIS sie zeigt: {}</translation>
    </message>
    <message>
      <source>The values reach from {} to {}, but 98 % of them lie between {} and {}. Declare the others as nodata, or cut percentiles off</source>
      <translation>Die Werte reichen von {} bis {}, aber 98 % von ihnen liegen zwischen {} und {}. Die anderen als Nodata festlegen, oder Perzentile abschneiden</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. If not set: 0 to 255 for images, else from the values in the extent, nodata left out.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Wenn nicht angegeben: 0 bis 255 bei Bildern, sonst aus den Werten in der Ausdehnung, Pixel ohne Daten ausgenommen.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. If not set: 0,255 for bytes and tiles, else the smallest and largest value of the raster.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Wenn nicht angegeben: 0,255 bei Bytes und Kacheln, sonst der kleinste und der größte Wert des Rasters.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. If not set: from the values in the extent, nodata left out.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Wenn nicht angegeben: aus den Werten in der Ausdehnung, Pixel ohne Daten ausgenommen.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. If not set: from the values of the raster, nodata left out.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Wenn nicht angegeben: aus den Werten des Rasters, Pixel ohne Daten ausgenommen.</translation>
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. If not set: see Value ranges.</source>
      <translation>Die Werte, die schwarz und weiß werden, für alle Kanäle und Ausschnitte gleich, etwa 0,3000. Wenn nicht angegeben: siehe Wertebereiche.</translation>
    </message>
    <message>
      <source>The vocabulary for phrases is missing. Run Install engine with SAM3, or put one of {} from the page of the checkpoint into {}</source>
      <translation>Das Vokabular für Wörter fehlt. „Engine installieren“ mit SAM3 ausführen, oder eine von {} von der Seite des Checkpoints nach {} legen</translation>
    </message>
    <message>
      <source>The vocabulary for phrases {} cannot be read ({}). Download it again, or run Install engine with SAM3</source>
      <translation>Das Vokabular für Wörter {} kann nicht gelesen werden ({}). Es erneut herunterladen, oder „Engine installieren“ mit SAM3 ausführen</translation>
    </message>
    <message>
      <source>The worker sees another {} than this computer, such as an older copy: give one file that all can read</source>
      <translation>Der Worker sieht unter {} etwas anderes als dieser Rechner, etwa eine ältere Kopie: eine Datei angeben, die alle lesen können</translation>
    </message>
    <message>
      <source>The worker sees other patches than this computer: give a feature folder or a raster that all can read, and the same model</source>
      <translation>Der Worker sieht andere Ausschnitte als dieser Rechner: einen Merkmalordner oder ein Raster angeben, das alle lesen können, und dasselbe Modell</translation>
    </message>
    <message>
      <source>The worker sees {} patches in {}, but this computer {}: give a folder that all can read</source>
      <translation>Der Worker sieht {} Ausschnitte in {}, dieser Rechner aber {}: einen Ordner angeben, den alle lesen können</translation>
    </message>
    <message>
      <source>The worker {} has another checkpoint (SHA-256 {}...) than this computer ({}...): give both the same file</source>
      <translation>Der Worker {} hat einen anderen Checkpoint (SHA-256 {}...) als dieser Rechner ({}...): beiden dieselbe Datei geben</translation>
    </message>
    <message>
      <source>The workers have different versions of torch ({}): features may differ in their last digits</source>
      <translation>Die Worker haben verschiedene Versionen von torch ({}): Merkmale können sich in den letzten Stellen unterscheiden</translation>
    </message>
    <message>
      <source>The zoom level of a tile layer, instead of a resolution.</source>
      <translation>Die Zoomstufe eines Kachellayers, statt einer Auflösung.</translation>
    </message>
    <message>
      <source>The {} is empty (xmin {}, ymin {}, xmax {}, ymax {}): give one whose minima are below its maxima</source>
      <translation>Leere Ausdehnung, {} (xmin {}, ymin {}, xmax {}, ymax {}): eine angeben, deren Minima unter ihren Maxima liegen</translation>
    </message>
    <message>
      <source>The {} names no Python ({}): give the path of the Python of the engine's environment, or unset it</source>
      <translation>{} nennt kein Python ({}): den Pfad des Pythons der Engine-Umgebung angeben, oder die Angabe löschen</translation>
    </message>
    <message>
      <source>The {} patches to encode take up to {}, but the disk of {} has {} free: free some space, choose another output folder, or take a larger stride or a smaller extent</source>
      <translation>Die {} zu kodierenden Ausschnitte brauchen bis zu {}, aber auf dem Datenträger von {} sind {} frei: Platz schaffen, einen anderen Ausgabeordner wählen, oder eine größere Schrittweite oder kleinere Ausdehnung nehmen</translation>
    </message>
    <message>
      <source>There are no patches: give the layer of those that saw the objects</source>
      <translation>Es gibt keine Ausschnitte: den Layer derer angeben, in denen die Objekte gesehen wurden</translation>
    </message>
    <message>
      <source>There are several rasters or feature folders of {}, the date of the prompt: {}</source>
      <translation>Es gibt mehrere Raster oder Merkmalordner von {}, dem Datum der Vorgabe: {}</translation>
    </message>
    <message>
      <source>There are {} dates of {} inputs: give one for each</source>
      <translation>Es gibt {} Daten für {} Eingaben: für jede eines angeben</translation>
    </message>
    <message>
      <source>There is no checkpoint {}: give a file that exists, or name a model instead</source>
      <translation>Den Checkpoint {} gibt es nicht: eine Datei angeben, die es gibt, oder stattdessen ein Modell nennen</translation>
    </message>
    <message>
      <source>There is no example to look for: give at least one, of label 1</source>
      <translation>Es gibt kein Beispiel, nach dem gesucht wird: mindestens eines mit der Kennzeichnung 1 angeben</translation>
    </message>
    <message>
      <source>There is no file {}: give FILE a checkpoint, or nothing to download it</source>
      <translation>Die Datei {} gibt es nicht: als FILE einen Checkpoint angeben, oder nichts, um ihn herunterzuladen</translation>
    </message>
    <message>
      <source>There is no input: give rasters or feature folders</source>
      <translation>Es gibt keine Eingabe: Raster oder Merkmalordner angeben</translation>
    </message>
    <message>
      <source>There is no object: try another threshold, or other limits of area</source>
      <translation>Es gibt kein Objekt: einen anderen Schwellenwert oder andere Flächengrenzen versuchen</translation>
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
      <source>There is no prompt: give prompts or boxes</source>
      <translation>Es gibt keine Vorgabe: Vorgaben oder Rahmen angeben</translation>
    </message>
    <message>
      <source>There is no raster or feature folder of {}, the date of the prompt. Dates are {}</source>
      <translation>Es gibt kein Raster und keinen Merkmalordner von {}, dem Datum der Vorgabe. Zeitpunkte sind {}</translation>
    </message>
    <message>
      <source>There is no shard: give one, such as 3/16, or set the variable {}</source>
      <translation>Es gibt keinen Teil: einen angeben, etwa 3/16, oder die Variable {} setzen</translation>
    </message>
    <message>
      <source>There is nothing to search for. Give TEXT, such as roof, or EXAMPLES</source>
      <translation>Nichts sagt, wonach gesucht werden soll. TEXT, etwa roof, oder EXAMPLES angeben</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Schwellenwert</translation>
    </message>
    <message>
      <source>Threshold of the index</source>
      <translation>Schwellenwert des Index</translation>
    </message>
    <message>
      <source>Threshold that was used</source>
      <translation>Benutzter Schwellenwert</translation>
    </message>
    <message>
      <source>Threshold: {:.6g}</source>
      <translation>Schwellenwert: {:.6g}</translation>
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
      <source>Tiles of this level are taken as they are. Only for tile layers.</source>
      <translation>Kacheln dieser Stufe werden genommen, wie sie sind. Nur für Kachellayer.</translation>
    </message>
    <message>
      <source>Tiles of this level are used without resampling, which is sharpest. Give this or a resolution.</source>
      <translation>Kacheln dieser Stufe werden genommen, wie sie sind; das ist am schärfsten. Diese oder eine Auflösung angeben.</translation>
    </message>
    <message>
      <source>Time of Segment everything, at most (seconds)</source>
      <translation>Dauer von „Alles segmentieren“, höchstens (Sekunden)</translation>
    </message>
    <message>
      <source>Time series</source>
      <translation>Zeitreihen</translation>
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
      <source>Tolerance (meters)</source>
      <translation>Toleranz (Meter)</translation>
    </message>
    <message>
      <source>Tolerance: {:.3g} m</source>
      <translation>Toleranz: {:.3g} m</translation>
    </message>
    <message>
      <source>Two inputs have the date {}: give every date once, or times that differ</source>
      <translation>Zwei Eingaben haben das Datum {}: jedes Datum nur einmal angeben, oder verschiedene Uhrzeiten</translation>
    </message>
    <message>
      <source>Two inputs have the date {}: {} and {}. Give every date once</source>
      <translation>Zwei Eingaben haben das Datum {}: {} und {}. Jedes Datum einmal angeben</translation>
    </message>
    <message>
      <source>Two prompts of the object {} are on {}: put their points into one</source>
      <translation>Zwei Vorgaben des Objekts {} gelten für {}: ihre Punkte in eine zusammenlegen</translation>
    </message>
    <message>
      <source>UV names no program ({}): give the path of uv, or leave it empty</source>
      <translation>UV nennt kein Programm ({}): den Pfad von uv angeben, oder leer lassen</translation>
    </message>
    <message>
      <source>Unanswered prompts</source>
      <translation>Unbeantwortete Vorgaben</translation>
    </message>
    <message>
      <source>Under-segmentation (0 to 1)</source>
      <translation>Untersegmentierung (0 bis 1)</translation>
    </message>
    <message>
      <source>Unknown model ({}): choose one of {}</source>
      <translation>Unbekanntes Modell ({}): eines wählen von {}</translation>
    </message>
    <message>
      <source>Up to about {} points on {} patches</source>
      <translation>Bis zu etwa {} Punkte auf {} Ausschnitten</translation>
    </message>
    <message>
      <source>Use the GPU</source>
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
      <source>Value range: {} to {}, from a sample, as the raster is large and has no overviews; encoding reads more of it and may find a wider one. Build overviews (gdaladdo), or give a value range</source>
      <translation>Wertebereich: {} bis {}, aus einer Stichprobe, da das Raster groß ist und keine Übersichten hat; das Kodieren liest mehr davon und findet vielleicht einen weiteren. Übersichten anlegen (gdaladdo), oder einen Wertebereich angeben</translation>
    </message>
    <message>
      <source>Value range: {} to {}, {}</source>
      <translation>Wertebereich: {} bis {}, {}</translation>
    </message>
    <message>
      <source>Value ranges</source>
      <translation>Wertebereiche</translation>
    </message>
    <message>
      <source>Verify SHA-256</source>
      <translation>SHA-256 der Dateien vergleichen</translation>
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
      <source>WHEELS is no folder ({}): name one that holds wheels</source>
      <translation>WHEELS ist kein Ordner ({}): einen nennen, der Wheels enthält</translation>
    </message>
    <message>
      <source>Waiting for a worker of the cluster</source>
      <translation>Auf einen Worker des Clusters wird gewartet</translation>
    </message>
    <message>
      <source>Waiting for another run that fetches {}</source>
      <translation>Auf einen anderen Lauf, der {} abruft, wird gewartet</translation>
    </message>
    <message>
      <source>Waiting for another shard, which fetches the tiles</source>
      <translation>Auf einen anderen Teil, der die Kacheln abruft, wird gewartet</translation>
    </message>
    <message>
      <source>Water is where the index (-1 to 1) is at least as high.</source>
      <translation>Wasser ist, wo der Index (-1 bis 1) mindestens so hoch ist.</translation>
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
      <source>Where to keep the features of a raster, so that the next phrases need no encoding. If not set, they are removed with QGIS's temporary files.</source>
      <translation>Wo die Merkmale eines Rasters aufgehoben werden, damit die nächsten Begriffe keine Kodierung brauchen. Wenn nicht angegeben, werden sie mit den temporären Dateien von QGIS entfernt.</translation>
    </message>
    <message>
      <source>Whether it was installed (true or false)</source>
      <translation>Ob sie neu angelegt wurde (true oder false)</translation>
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
      <source>With sam3, also keeps the features for Segment by words and examples, 11 MB for each patch. Other models have no such features.</source>
      <translation>Mit sam3 auch aufheben, was „Nach Wörtern und Beispielen segmentieren“ braucht: 11 MB mehr je Ausschnitt. Andere Modelle haben nichts dergleichen.</translation>
    </message>
    <message>
      <source>With the fields of the largest piece of each object, its id, the number of pieces, and whether the object ends where its patches do.</source>
      <translation>Mit den Feldern des größten Stücks jedes Objekts, dessen Nummer, der Zahl der Stücke, und ob das Objekt endet, wo seine Ausschnitte enden.</translation>
    </message>
    <message>
      <source>With the number of the object and the label (1 on the object, 0 outside it). An object made from a polygon has its id.</source>
      <translation>Mit der Nummer des Objekts und der Kennzeichnung: 1 auf dem Objekt, 0 daneben. Ein Objekt aus einem Polygon hat dessen Nummer.</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>Wörter</translation>
    </message>
    <message>
      <source>Workers: {}; device: {}</source>
      <translation>Worker: {}; Gerät: {}</translation>
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
      <source>a library gave up: look at its last lines, and try another DEVICE</source>
      <translation>eine Bibliothek hat aufgegeben: ihre letzten Zeilen ansehen, und ein anderes DEVICE versuchen</translation>
    </message>
    <message>
      <source>a library or a driver crashed: try again, and with another DEVICE if it recurs</source>
      <translation>eine Bibliothek oder ein Treiber ist abgestürzt: erneut versuchen, und mit einem anderen DEVICE, wenn es wieder geschieht</translation>
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
      <source>a package is not the file that was tested ({}): check the package index or the folder of wheels that it came from, and empty pip's cache (pip cache purge)</source>
      <translation>ein Paket ist nicht die geprüfte Datei ({}): das Paketverzeichnis oder den Ordner mit Wheels prüfen, aus dem es kam, und den Zwischenspeicher von pip leeren (pip cache purge)</translation>
    </message>
    <message>
      <source>a side of it has no place there</source>
      <translation>eine ihrer Seiten hat dort keinen Ort</translation>
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
      <source>accuracy</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <source>and {} more blocks, which the log lists</source>
      <translation>und {} weitere Blöcke, die das Protokoll aufführt</translation>
    </message>
    <message>
      <source>another program ended it: run again</source>
      <translation>ein anderes Programm hat sie beendet: erneut ausführen</translation>
    </message>
    <message>
      <source>as asked</source>
      <translation>wie verlangt</translation>
    </message>
    <message>
      <source>as given</source>
      <translation>wie angegeben</translation>
    </message>
    <message>
      <source>automatic mask generator</source>
      <translation>automatischer Maskengenerator</translation>
    </message>
    <message>
      <source>basemap</source>
      <translation>Grundkarte</translation>
    </message>
    <message>
      <source>benchmark</source>
      <translation>Benchmark</translation>
    </message>
    <message>
      <source>boxes</source>
      <translation>Rahmen</translation>
    </message>
    <message>
      <source>bug report</source>
      <translation>Fehlerbericht</translation>
    </message>
    <message>
      <source>buildings</source>
      <translation>Gebäude</translation>
    </message>
    <message>
      <source>canopy height model</source>
      <translation>Kronenhöhenmodell</translation>
    </message>
    <message>
      <source>catalogue</source>
      <translation>Katalog</translation>
    </message>
    <message>
      <source>change detection</source>
      <translation>Änderungserkennung</translation>
    </message>
    <message>
      <source>checkpoint</source>
      <translation>Checkpoint</translation>
    </message>
    <message>
      <source>chip {} of {}</source>
      <translation>Chip {} von {}</translation>
    </message>
    <message>
      <source>choose MISSING=mask to leave them out, or run this again</source>
      <translation>MISSING=mask wählen, um sie auszulassen, oder erneut ausführen</translation>
    </message>
    <message>
      <source>click</source>
      <translation>Klick</translation>
    </message>
    <message>
      <source>cluster</source>
      <translation>Cluster</translation>
    </message>
    <message>
      <source>column {}</source>
      <translation>Spalte {}</translation>
    </message>
    <message>
      <source>column {}, row {}</source>
      <translation>Spalte {}, Zeile {}</translation>
    </message>
    <message>
      <source>confusion matrix</source>
      <translation>Konfusionsmatrix</translation>
    </message>
    <message>
      <source>copilot</source>
      <translation>Copilot</translation>
    </message>
    <message>
      <source>cuda</source>
      <translation>CUDA</translation>
    </message>
    <message>
      <source>deep learning</source>
      <translation>Deep Learning</translation>
    </message>
    <message>
      <source>delete</source>
      <translation>löschen</translation>
    </message>
    <message>
      <source>diagnosis</source>
      <translation>Diagnose</translation>
    </message>
    <message>
      <source>disk space</source>
      <translation>Plattenplatz</translation>
    </message>
    <message>
      <source>dissolve</source>
      <translation>auflösen</translation>
    </message>
    <message>
      <source>distributed</source>
      <translation>verteilt</translation>
    </message>
    <message>
      <source>does not run</source>
      <translation>läuft nicht</translation>
    </message>
    <message>
      <source>duplicates</source>
      <translation>Duplikate</translation>
    </message>
    <message>
      <source>embedding</source>
      <translation>Embedding</translation>
    </message>
    <message>
      <source>encoder</source>
      <translation>Kodierer</translation>
    </message>
    <message>
      <source>environment</source>
      <translation>Umgebung</translation>
    </message>
    <message>
      <source>environment variable {}</source>
      <translation>Umgebungsvariable {}</translation>
    </message>
    <message>
      <source>estimate</source>
      <translation>Schätzung</translation>
    </message>
    <message>
      <source>examples</source>
      <translation>Beispiele</translation>
    </message>
    <message>
      <source>exemplar</source>
      <translation>Beispiel</translation>
    </message>
    <message>
      <source>exemplars</source>
      <translation>Beispielobjekte</translation>
    </message>
    <message>
      <source>features</source>
      <translation>Merkmale</translation>
    </message>
    <message>
      <source>finer than the raster's own: so small objects are outlined better when enlarged</source>
      <translation>feiner als die des Rasters: so kleine Objekte werden vergrößert besser umrissen</translation>
    </message>
    <message>
      <source>float16 is the half precision of Apple's</source>
      <translation>float16 ist die halbe Genauigkeit der Apple-GPU</translation>
    </message>
    <message>
      <source>footprints</source>
      <translation>Gebäudegrundrisse</translation>
    </message>
    <message>
      <source>free</source>
      <translation>freigeben</translation>
    </message>
    <message>
      <source>from DATE_TABLE</source>
      <translation>aus DATE_TABLE</translation>
    </message>
    <message>
      <source>from the metadata</source>
      <translation>aus den Metadaten</translation>
    </message>
    <message>
      <source>from the names, by {}</source>
      <translation>aus den Namen, nach {}</translation>
    </message>
    <message>
      <source>from the statistics of the raster</source>
      <translation>aus der Statistik des Rasters</translation>
    </message>
    <message>
      <source>gaps</source>
      <translation>Lücken</translation>
    </message>
    <message>
      <source>give another</source>
      <translation>ein anderes angeben</translation>
    </message>
    <message>
      <source>give one of its subdatasets, such as {}</source>
      <translation>einen seiner Teildatensätze angeben, etwa {}</translation>
    </message>
    <message>
      <source>glaciers</source>
      <translation>Gletscher</translation>
    </message>
    <message>
      <source>good, {:.0f} MB, {}</source>
      <translation>gut, {:.0f} MB, {}</translation>
    </message>
    <message>
      <source>gpu</source>
      <translation>GPU</translation>
    </message>
    <message>
      <source>grid</source>
      <translation>Gitter</translation>
    </message>
    <message>
      <source>ground truth</source>
      <translation>Ground Truth</translation>
    </message>
    <message>
      <source>grounding</source>
      <translation>Grounding</translation>
    </message>
    <message>
      <source>has no venv module (Debian and Ubuntu: apt-get install python3-venv)</source>
      <translation>hat kein Modul venv (Debian und Ubuntu: apt-get install python3-venv)</translation>
    </message>
    <message>
      <source>import</source>
      <translation>importieren</translation>
    </message>
    <message>
      <source>install</source>
      <translation>installieren</translation>
    </message>
    <message>
      <source>instance segmentation</source>
      <translation>Instanzsegmentierung</translation>
    </message>
    <message>
      <source>iou</source>
      <translation>IoU</translation>
    </message>
    <message>
      <source>is Python {}, which is not among {} to {}</source>
      <translation>ist Python {}, das nicht zu {} bis {} gehört</translation>
    </message>
    <message>
      <source>it did not answer in {} s{}</source>
      <translation>keine Antwort in {} s{}</translation>
    </message>
    <message>
      <source>it holds no cells</source>
      <translation>sie enthält keine Zellen</translation>
    </message>
    <message>
      <source>it holds no features</source>
      <translation>sie enthält keine Features</translation>
    </message>
    <message>
      <source>it holds {} instead of numbers</source>
      <translation>sie enthält {} statt Zahlen</translation>
    </message>
    <message>
      <source>it holds {} instead of text</source>
      <translation>sie enthält {} statt Text</translation>
    </message>
    <message>
      <source>it is there twice</source>
      <translation>sie ist doppelt vorhanden</translation>
    </message>
    <message>
      <source>it is torn apart there at the 180th meridian</source>
      <translation>sie ist dort am 180. Meridian zerrissen</translation>
    </message>
    <message>
      <source>it needs AVX-512 BF16 or AMX</source>
      <translation>nötig ist AVX-512 BF16 oder AMX</translation>
    </message>
    <message>
      <source>it needs compute capability 8.0</source>
      <translation>nötig ist Compute Capability 8.0</translation>
    </message>
    <message>
      <source>it said nothing</source>
      <translation>keine Meldung</translation>
    </message>
    <message>
      <source>it used an instruction that this processor lacks: install a build of torch for it</source>
      <translation>sie hat einen Befehl benutzt, den dieser Prozessor nicht kennt: eine passende Variante von torch installieren</translation>
    </message>
    <message>
      <source>its center has no place there</source>
      <translation>ihr Mittelpunkt hat dort keinen Ort</translation>
    </message>
    <message>
      <source>its checksum differs</source>
      <translation>ihre Prüfsumme weicht ab</translation>
    </message>
    <message>
      <source>its contents are not those that were written</source>
      <translation>ihr Inhalt ist nicht der, der geschrieben wurde</translation>
    </message>
    <message>
      <source>its package is sam2: {}</source>
      <translation>das Paket ist sam2: {}</translation>
    </message>
    <message>
      <source>its package is segment-anything: {}</source>
      <translation>das Paket ist segment-anything: {}</translation>
    </message>
    <message>
      <source>its pixels have no size</source>
      <translation>ihre Pixel haben keine Größe</translation>
    </message>
    <message>
      <source>its provider does not say why</source>
      <translation>sein Provider sagt nicht, warum</translation>
    </message>
    <message>
      <source>lakes</source>
      <translation>Seen</translation>
    </message>
    <message>
      <source>local maxima</source>
      <translation>lokale Maxima</translation>
    </message>
    <message>
      <source>manifest</source>
      <translation>Manifest</translation>
    </message>
    <message>
      <source>mask</source>
      <translation>Maske</translation>
    </message>
    <message>
      <source>memory could not be read, perhaps a full disk: free some space and try again</source>
      <translation>Speicher ließ sich nicht lesen, vielleicht ist ein Datenträger voll: Platz schaffen und erneut versuchen</translation>
    </message>
    <message>
      <source>most likely the system ran out of memory: lower BATCH_SIZE, take a smaller model, or close other programs</source>
      <translation>höchstwahrscheinlich ging dem System der Speicher aus: BATCH_SIZE senken, ein kleineres Modell nehmen, oder andere Programme schließen</translation>
    </message>
    <message>
      <source>ndsi</source>
      <translation>NDSI</translation>
    </message>
    <message>
      <source>ndvi</source>
      <translation>NDVI</translation>
    </message>
    <message>
      <source>ndwi</source>
      <translation>NDWI</translation>
    </message>
    <message>
      <source>no NVIDIA GPU answers here</source>
      <translation>hier antwortet keine NVIDIA-GPU</translation>
    </message>
    <message>
      <source>no NVIDIA driver was found on this machine</source>
      <translation>auf diesem Rechner wurde kein NVIDIA-Treiber gefunden</translation>
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
      <source>non-maximum suppression</source>
      <translation>Non-Maximum-Suppression</translation>
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
      <source>nowhere</source>
      <translation>nirgendwo</translation>
    </message>
    <message>
      <source>object {} of {}</source>
      <translation>Objekt {} von {}</translation>
    </message>
    <message>
      <source>objects</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <source>of any common kind</source>
      <translation>irgendeiner üblichen Art</translation>
    </message>
    <message>
      <source>offline</source>
      <translation>offline</translation>
    </message>
    <message>
      <source>one patch with {}</source>
      <translation>einen Ausschnitt mit {}</translation>
    </message>
    <message>
      <source>one prompt with {}</source>
      <translation>eine Vorgabe mit {}</translation>
    </message>
    <message>
      <source>online</source>
      <translation>online</translation>
    </message>
    <message>
      <source>open vocabulary</source>
      <translation>offenes Vokabular</translation>
    </message>
    <message>
      <source>orthogonalize</source>
      <translation>rechtwinklig machen</translation>
    </message>
    <message>
      <source>otsu</source>
      <translation>Otsu</translation>
    </message>
    <message>
      <source>parallel</source>
      <translation>parallel</translation>
    </message>
    <message>
      <source>patch {} of {}</source>
      <translation>Ausschnitt {} von {}</translation>
    </message>
    <message>
      <source>patch {} of {}, reused</source>
      <translation>Ausschnitt {} von {}, wiederverwendet</translation>
    </message>
    <message>
      <source>patch {} of {}, {} patches/s, {} left</source>
      <translation>Ausschnitt {} von {}, {} Ausschnitte/s, noch {}</translation>
    </message>
    <message>
      <source>pip</source>
      <translation>pip</translation>
    </message>
    <message>
      <source>pip could not install {}: {}; then run this again</source>
      <translation>pip konnte {} nicht installieren: {}; danach erneut ausführen</translation>
    </message>
    <message>
      <source>points</source>
      <translation>Punkte</translation>
    </message>
    <message>
      <source>pole of inaccessibility</source>
      <translation>Pol der Unzugänglichkeit</translation>
    </message>
    <message>
      <source>polygons</source>
      <translation>Polygone</translation>
    </message>
    <message>
      <source>precision</source>
      <translation>Präzision</translation>
    </message>
    <message>
      <source>processors have no fast float16</source>
      <translation>Prozessoren haben kein schnelles float16</translation>
    </message>
    <message>
      <source>prompt {} of {}</source>
      <translation>Vorgabe {} von {}</translation>
    </message>
    <message>
      <source>quality</source>
      <translation>Qualität</translation>
    </message>
    <message>
      <source>rank</source>
      <translation>Rang</translation>
    </message>
    <message>
      <source>recall</source>
      <translation>Recall</translation>
    </message>
    <message>
      <source>regularize</source>
      <translation>regularisieren</translation>
    </message>
    <message>
      <source>retrieval</source>
      <translation>Wiederfinden</translation>
    </message>
    <message>
      <source>right angles</source>
      <translation>rechte Winkel</translation>
    </message>
    <message>
      <source>run Install engine (geosam:installengine), or `make setup` in a checkout</source>
      <translation>„Engine installieren“ (geosam:installengine) ausführen, oder in einem Checkout `make setup`</translation>
    </message>
    <message>
      <source>run again, and report it if it recurs</source>
      <translation>erneut ausführen, und melden, wenn es wieder geschieht</translation>
    </message>
    <message>
      <source>sam</source>
      <translation>SAM</translation>
    </message>
    <message>
      <source>sam2</source>
      <translation>SAM2</translation>
    </message>
    <message>
      <source>sam3</source>
      <translation>SAM3</translation>
    </message>
    <message>
      <source>seams</source>
      <translation>Nähte</translation>
    </message>
    <message>
      <source>search</source>
      <translation>Suche</translation>
    </message>
    <message>
      <source>segment anything</source>
      <translation>Segment Anything</translation>
    </message>
    <message>
      <source>set up</source>
      <translation>einrichten</translation>
    </message>
    <message>
      <source>shoreline</source>
      <translation>Uferlinie</translation>
    </message>
    <message>
      <source>similar</source>
      <translation>ähnlich</translation>
    </message>
    <message>
      <source>similar objects</source>
      <translation>ähnliche Objekte</translation>
    </message>
    <message>
      <source>simplify</source>
      <translation>vereinfachen</translation>
    </message>
    <message>
      <source>size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>slurm</source>
      <translation>Slurm</translation>
    </message>
    <message>
      <source>smooth</source>
      <translation>glätten</translation>
    </message>
    <message>
      <source>square</source>
      <translation>rechtwinklig</translation>
    </message>
    <message>
      <source>stitch</source>
      <translation>zusammenfügen</translation>
    </message>
    <message>
      <source>temporal</source>
      <translation>zeitlich</translation>
    </message>
    <message>
      <source>text prompt</source>
      <translation>Textvorgabe</translation>
    </message>
    <message>
      <source>the Apple GPU cannot run PyTorch: {}</source>
      <translation>die Apple-GPU kann PyTorch nicht ausführen: {}</translation>
    </message>
    <message>
      <source>the CPU was asked for</source>
      <translation>der Prozessor wurde verlangt</translation>
    </message>
    <message>
      <source>the address begins with no protocol that QGIS knows</source>
      <translation>die Adresse beginnt mit keinem Protokoll, das QGIS kennt</translation>
    </message>
    <message>
      <source>the certificate of the package index is not trusted: set PIP_CERT to your organisation's certificate file</source>
      <translation>dem Zertifikat des Paketverzeichnisses wird nicht vertraut: PIP_CERT auf die Zertifikatsdatei Ihrer Organisation setzen</translation>
    </message>
    <message>
      <source>the connection broke</source>
      <translation>die Verbindung brach ab</translation>
    </message>
    <message>
      <source>the disk is full: free 3 GB (with CUDA 9 GB)</source>
      <translation>der Datenträger ist voll: 3 GB freimachen (mit CUDA 9 GB)</translation>
    </message>
    <message>
      <source>the file on the server has changed</source>
      <translation>die Datei auf dem Server hat sich geändert</translation>
    </message>
    <message>
      <source>the finest at which they are small enough for a patch</source>
      <translation>die feinste, bei der sie klein genug für einen Ausschnitt sind</translation>
    </message>
    <message>
      <source>the installed PyTorch {} is a build without CUDA; run Install engine (geosam:installengine) with TORCH=cuda</source>
      <translation>das installierte PyTorch {} ist eine Variante ohne CUDA; „Engine installieren“ (geosam:installengine) mit TORCH=cuda ausführen</translation>
    </message>
    <message>
      <source>the installed PyTorch {} is a build without MPS</source>
      <translation>das installierte PyTorch {} ist eine Variante ohne MPS</translation>
    </message>
    <message>
      <source>the layer is transparent there</source>
      <translation>der Layer ist dort durchsichtig</translation>
    </message>
    <message>
      <source>the network or the package index cannot be reached: check it and the proxy (HTTPS_PROXY), name a mirror (PIP_INDEX_URL), or install offline from a folder of wheels</source>
      <translation>das Netz oder das Paketverzeichnis ist nicht erreichbar: es und den Proxy (HTTPS_PROXY) prüfen, einen Spiegelserver nennen (PIP_INDEX_URL), oder offline aus einem Ordner mit Wheels installieren</translation>
    </message>
    <message>
      <source>the order given; the time between them is not known</source>
      <translation>die angegebene Reihenfolge; die Zeit dazwischen ist nicht bekannt</translation>
    </message>
    <message>
      <source>the proxy wants a login: set it in QGIS's options under Network</source>
      <translation>der Proxy verlangt eine Anmeldung: sie in den Optionen von QGIS unter Netzwerk angeben</translation>
    </message>
    <message>
      <source>the raster's own, and no finer one would add detail</source>
      <translation>die des Rasters, und eine feinere brächte keine Einzelheiten hinzu</translation>
    </message>
    <message>
      <source>the server answers {}</source>
      <translation>der Server antwortet {}</translation>
    </message>
    <message>
      <source>the server does not know that part of the file</source>
      <translation>der Server kennt diesen Teil der Datei nicht</translation>
    </message>
    <message>
      <source>the server gives no tiles any more</source>
      <translation>der Server gibt keine Kacheln mehr</translation>
    </message>
    <message>
      <source>the server redirects from {} to {}</source>
      <translation>der Server leitet von {} nach {} um</translation>
    </message>
    <message>
      <source>the server redirects without end</source>
      <translation>der Server leitet endlos um</translation>
    </message>
    <message>
      <source>the server wants a login: give AUTH a configuration</source>
      <translation>der Server verlangt eine Anmeldung: AUTH eine Konfiguration geben</translation>
    </message>
    <message>
      <source>the server's certificate is not trusted</source>
      <translation>dem Zertifikat des Servers wird nicht vertraut</translation>
    </message>
    <message>
      <source>this machine has no Apple GPU that PyTorch can use</source>
      <translation>dieser Rechner hat keine Apple-GPU, die PyTorch benutzen kann</translation>
    </message>
    <message>
      <source>this processor</source>
      <translation>diesem Prozessor</translation>
    </message>
    <message>
      <source>threshold</source>
      <translation>Schwellenwert</translation>
    </message>
    <message>
      <source>tiles</source>
      <translation>Kacheln</translation>
    </message>
    <message>
      <source>time series</source>
      <translation>Zeitreihe</translation>
    </message>
    <message>
      <source>topology</source>
      <translation>Topologie</translation>
    </message>
    <message>
      <source>torch</source>
      <translation>Torch</translation>
    </message>
    <message>
      <source>tracking</source>
      <translation>Verfolgung</translation>
    </message>
    <message>
      <source>tree tops</source>
      <translation>Baumspitzen</translation>
    </message>
    <message>
      <source>try another MIRROR, or carry the file over by hand and give it as FILE</source>
      <translation>einen anderen MIRROR versuchen, oder die Datei von Hand übertragen und als FILE angeben</translation>
    </message>
    <message>
      <source>uninstall</source>
      <translation>deinstallieren</translation>
    </message>
    <message>
      <source>union</source>
      <translation>vereinigen</translation>
    </message>
    <message>
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <source>validation</source>
      <translation>Validierung</translation>
    </message>
    <message>
      <source>verify</source>
      <translation>prüfen</translation>
    </message>
    <message>
      <source>versions</source>
      <translation>Versionen</translation>
    </message>
    <message>
      <source>water</source>
      <translation>Wasser</translation>
    </message>
    <message>
      <source>wcs</source>
      <translation>WCS</translation>
    </message>
    <message>
      <source>weights</source>
      <translation>Gewichte</translation>
    </message>
    <message>
      <source>wms</source>
      <translation>WMS</translation>
    </message>
    <message>
      <source>wmts</source>
      <translation>WMTS</translation>
    </message>
    <message>
      <source>xyz</source>
      <translation>XYZ</translation>
    </message>
    <message>
      <source>{:.1%} of the pixels have no data: {}</source>
      <translation>{:.1%} der Pixel sind ohne Daten: {}</translation>
    </message>
    <message>
      <source>{} (SHA-256 {}...) is not the checkpoint that encoded {} (SHA-256 {}...): name the file that did as the checkpoint, or encode again with this one</source>
      <translation>{} (SHA-256 {}...) ist nicht der Checkpoint, der {} kodiert hat (SHA-256 {}...): die Datei, die es war, als Checkpoint nennen, oder mit dieser neu kodieren</translation>
    </message>
    <message>
      <source>{} ({} patches)</source>
      <translation>{} ({} Ausschnitte)</translation>
    </message>
    <message>
      <source>{} ({}) cannot be opened: check that the file is there and a raster</source>
      <translation>{} ({}) lässt sich nicht öffnen: prüfen, ob die Datei da und ein Raster ist</translation>
    </message>
    <message>
      <source>{} ({}) cannot be written to ({}). Check the rights and rules there</source>
      <translation>{} ({}) lässt sich nicht beschreiben ({}). Dort Rechte und Regeln prüfen</translation>
    </message>
    <message>
      <source>{} ({}) cannot be written to ({}). Make room on its disk</source>
      <translation>{} ({}) lässt sich nicht beschreiben ({}). Auf dem Datenträger Platz schaffen</translation>
    </message>
    <message>
      <source>{} ({}) comes from the provider {} and is no file: take Encode tile layer (geosam:encodetilelayer), or save it as a GeoTIFF first (Export, Save As)</source>
      <translation>{} ({}) kommt vom Provider {} und ist keine Datei: „Kachellayer kodieren“ (geosam:encodetilelayer) nehmen, oder erst als GeoTIFF speichern (Export, Speichern als)</translation>
    </message>
    <message>
      <source>{} ({}) could not be written completely: {} of {} rows can be read from it</source>
      <translation>{} ({}) ließ sich nicht vollständig schreiben: {} von {} Zeilen sind daraus lesbar</translation>
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
      <source>{} ({}) has no date in its metadata: neither TIFFTAG_DATETIME nor datetime in a STAC file next to it. Set DATES to name, table or order.</source>
      <translation>{} ({}) hat kein Datum in den Metadaten: weder TIFFTAG_DATETIME noch datetime in einer STAC-Datei daneben. DATES auf name, table oder order setzen.</translation>
    </message>
    <message>
      <source>{} ({}) has no geometry: give a layer of points, lines or polygons</source>
      <translation>{} ({}) hat keine Geometrie: einen Layer aus Punkten, Linien oder Polygonen angeben</translation>
    </message>
    <message>
      <source>{} ({}) has no pixel size. Set the tolerance instead.</source>
      <translation>{} ({}) hat keine Pixelgröße. Stattdessen die Toleranz angeben.</translation>
    </message>
    <message>
      <source>{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM</source>
      <translation>{} ({}) hat keine Zoomstufen: RESOLUTION statt ZOOM angeben</translation>
    </message>
    <message>
      <source>{} ({}) has one date only. Give two or more, or use Segment from prompts (geosam:segmentprompts) for one.</source>
      <translation>{} ({}) hat nur einen Zeitpunkt. Zwei oder mehr angeben, oder für einen „Nach Vorgaben segmentieren“ (geosam:segmentprompts) benutzen.</translation>
    </message>
    <message>
      <source>{} ({}) has several values or a range of values for no data in its properties (Transparency), but only one value can be used. Set one value, or save the layer as GeoTIFF with one</source>
      <translation>{} ({}) hat in den Eigenschaften (Transparenz) mehrere Werte oder einen Wertebereich für fehlende Daten, aber nur ein Wert kann benutzt werden. Einen Wert angeben, oder den Layer mit einem als GeoTIFF speichern</translation>
    </message>
    <message>
      <source>{} ({}) has the {} rows that came until then</source>
      <translation>{} ({}) enthält die {} Zeilen, die bis dahin kamen</translation>
    </message>
    <message>
      <source>{} ({}) is a file of {}, which the run would overwrite while it reads it. Give {} another place</source>
      <translation>{} ({}) ist eine Datei von {}, die der Lauf überschreiben würde, während er sie liest. {} einen anderen Ort geben</translation>
    </message>
    <message>
      <source>{} ({}) is a raster that GDAL opens, not a tile layer: take Encode raster (geosam:encoderaster)</source>
      <translation>{} ({}) ist ein Raster, das GDAL öffnet, kein Kachellayer: „Raster kodieren“ (geosam:encoderaster) nehmen</translation>
    </message>
    <message>
      <source>{} ({}) is a tile layer. Give EXTENT or MASK, the part to fetch</source>
      <translation>{} ({}) ist ein Kachellayer. EXTENT oder MASK angeben, den abzurufenden Teil</translation>
    </message>
    <message>
      <source>{} ({}) is as it was before</source>
      <translation>{} ({}) ist, wie es vorher war</translation>
    </message>
    <message>
      <source>{} ({}) is complete, but cannot take its name ({}). Close the programs that have the older file open; the new one is {}</source>
      <translation>{} ({}) ist vollständig, kann seinen Namen aber nicht annehmen ({}). Die Programme schließen, welche die ältere Datei geöffnet haben; die neue ist {}</translation>
    </message>
    <message>
      <source>{} ({}) is in a CRS ({}) from which nothing can be transformed to that of the features ({}). Give a layer in a CRS of places on the Earth</source>
      <translation>{} ({}) ist in einem KBS ({}), aus dem sich nichts in das der Merkmale umrechnen lässt ({}). Einen Layer in einem KBS von Orten auf der Erde angeben</translation>
    </message>
    <message>
      <source>{} and {} are the same file ({}). Give each a different file</source>
      <translation>{} und {} sind dieselbe Datei ({}). Jedem einen eigenen Ort geben</translation>
    </message>
    <message>
      <source>{} and {} have the same date ({}). Remove one, merge them (gdal:merge), or give dates with times by DATE_PATTERN or DATE_TABLE.</source>
      <translation>{} und {} haben dasselbe Datum ({}). Eines entfernen, sie zusammenführen (gdal:merge), oder mit DATE_PATTERN oder DATE_TABLE Daten mit Uhrzeit angeben.</translation>
    </message>
    <message>
      <source>{} and {} were encoded with different settings ({}). Encode all shards with the same settings</source>
      <translation>{} und {} wurden mit verschiedenen Einstellungen kodiert ({}). Alle Teile mit denselben Einstellungen kodieren</translation>
    </message>
    <message>
      <source>{} cannot be downloaded ({}): check the network, or give a mirror</source>
      <translation>{} lässt sich nicht herunterladen ({}): das Netz prüfen, oder einen Spiegelserver angeben</translation>
    </message>
    <message>
      <source>{} cannot be downloaded: {}, also after {} more tries; check the network and the proxy of QGIS's options and run again, which continues, or {}</source>
      <translation>{} lässt sich nicht herunterladen: {}, auch nach {} weiteren Versuchen; das Netz und den Proxy in den Optionen von QGIS prüfen und erneut ausführen, dann geht es weiter, oder {}</translation>
    </message>
    <message>
      <source>{} cannot be downloaded: {}; {}</source>
      <translation>{} lässt sich nicht herunterladen: {}; {}</translation>
    </message>
    <message>
      <source>{} cannot be read: {}</source>
      <translation>{} lässt sich nicht lesen: {}</translation>
    </message>
    <message>
      <source>{} cannot be used ({}). Check the path, its rights and its disk</source>
      <translation>{} ist nicht verwendbar ({}). Den Pfad, seine Rechte und seinen Datenträger prüfen</translation>
    </message>
    <message>
      <source>{} cannot be used for {}: {}. Download it again</source>
      <translation>{} ist für {} nicht verwendbar: {}. Die Datei erneut herunterladen</translation>
    </message>
    <message>
      <source>{} cannot be written ({}). Choose another file, or make room on the disk of {}.</source>
      <translation>{} lässt sich nicht schreiben ({}). Eine andere Datei wählen, oder auf dem Datenträger von {} Platz schaffen.</translation>
    </message>
    <message>
      <source>{} cannot be written ({}). Choose another place.</source>
      <translation>{} lässt sich nicht schreiben ({}). Einen anderen Ort wählen.</translation>
    </message>
    <message>
      <source>{} cannot be written ({}). Make room on its disk.</source>
      <translation>{} lässt sich nicht schreiben ({}). Auf dem Datenträger Platz schaffen.</translation>
    </message>
    <message>
      <source>{} cannot be written ({}): choose another FOLDER, or make room</source>
      <translation>{} lässt sich nicht schreiben ({}): anderen FOLDER wählen oder Platz schaffen</translation>
    </message>
    <message>
      <source>{} cannot be written ({}): choose another folder</source>
      <translation>{} lässt sich nicht schreiben ({}): einen anderen Ordner wählen</translation>
    </message>
    <message>
      <source>{} cannot be written as a whole{}: make room there or give another</source>
      <translation>{} lässt sich nicht ganz schreiben{}: dort Platz schaffen oder ein anderes Ziel angeben</translation>
    </message>
    <message>
      <source>{} cannot be written. Choose another place, or a name with .png.</source>
      <translation>{} lässt sich nicht schreiben. Einen anderen Ort wählen, oder einen Namen mit .png.</translation>
    </message>
    <message>
      <source>{} cannot make the engine's environment: it {}; {}</source>
      <translation>{} kann die Umgebung der Engine nicht anlegen: {}; {}</translation>
    </message>
    <message>
      <source>{} cannot run PyTorch: {}</source>
      <translation>{} kann PyTorch nicht ausführen: {}</translation>
    </message>
    <message>
      <source>{} combinations of resolutions and strides to compare are too many: give lists that make up to {}</source>
      <translation>{} Kombinationen zu vergleichender Auflösungen und Schrittweiten sind zu viele: Listen angeben, die höchstens {} ergeben</translation>
    </message>
    <message>
      <source>{} could not make an environment in {}: {}; {}</source>
      <translation>{} konnte in {} keine Umgebung anlegen: {}; {}</translation>
    </message>
    <message>
      <source>{} does not name its raster</source>
      <translation>{} nennt sein Raster nicht</translation>
    </message>
    <message>
      <source>{} does not record the range of values of its raster</source>
      <translation>{} hält den Wertebereich seines Rasters nicht fest</translation>
    </message>
    <message>
      <source>{} does not record which checkpoint encoded it, so that {} is the same cannot be checked</source>
      <translation>{} hält nicht fest, mit welchem Checkpoint es kodiert wurde; daher lässt sich nicht prüfen, ob {} derselbe ist</translation>
    </message>
    <message>
      <source>{} does not say which of the phrases feature {} shows. Give a CLASS_FIELD that holds one of {}</source>
      <translation>{} sagt nicht, welchen der Begriffe Objekt {} zeigt. Ein CLASS_FIELD angeben, das einen davon enthält: {}</translation>
    </message>
    <message>
      <source>{} does not use these packages, which pip check lists as missing: {}</source>
      <translation>{} braucht diese Pakete nicht, die pip check als fehlend aufführt: {}</translation>
    </message>
    <message>
      <source>{} files, {:.1f} of {} MB, in {}</source>
      <translation>{} Dateien, {:.1f} von {} MB, in {}</translation>
    </message>
    <message>
      <source>{} gives features that are no numbers, computed in {} and kept in {}: encode (Encode raster, Encode tile layer) computing and keeping float32; if it stays so, its checkpoint is broken</source>
      <translation>{} liefert Merkmale, die keine Zahlen sind, in {} gerechnet und in {} abgelegt: mit float32 rechnen und ablegen („Raster kodieren“, „Kachellayer kodieren“); wenn es so bleibt, ist der Checkpoint defekt</translation>
    </message>
    <message>
      <source>{} has feature format {}, but this version of GeoSAM reads format {}: update GeoSAM, or encode the raster again into another folder</source>
      <translation>{} hat das Merkmalformat {}, aber diese Version von GeoSAM liest das Format {}: GeoSAM aktualisieren, oder das Raster neu in einen anderen Ordner kodieren</translation>
    </message>
    <message>
      <source>{} has features of {}-pixel patches, but those of {} are {} pixels wide: encode again with it</source>
      <translation>{} hat Merkmale von Ausschnitten mit {} Pixeln, aber die von {} sind {} Pixel breit: damit neu kodieren</translation>
    </message>
    <message>
      <source>{} has no column {}: its columns are {}</source>
      <translation>{} hat keine Spalte {}: seine Spalten sind {}</translation>
    </message>
    <message>
      <source>{} has no data in any of its {} patches: choose another extent or raster, or encode nodata patches as well</source>
      <translation>{} hat in keinem der {} Ausschnitte Daten: eine andere Ausdehnung oder ein anderes Raster wählen, oder auch Ausschnitte ohne Daten kodieren</translation>
    </message>
    <message>
      <source>{} has no date by the pattern {}: change the pattern</source>
      <translation>{} hat kein Datum nach dem Muster {}: das Muster ändern</translation>
    </message>
    <message>
      <source>{} has no fast bfloat16 ({})</source>
      <translation>auf {} gibt es kein schnelles bfloat16 ({})</translation>
    </message>
    <message>
      <source>{} has no features for words and examples. Encode the raster with the model sam3, and keep features for words and examples (CONCEPTS)</source>
      <translation>{} hat keine Merkmale für Wörter und Beispiele. Das Raster mit dem Modell sam3 kodieren und Merkmale für Wörter und Beispiele aufheben (CONCEPTS)</translation>
    </message>
    <message>
      <source>{} has no memory of other dates: follow objects by prompts, or take a model of SAM2 or SAM2.1</source>
      <translation>{} hat kein Gedächtnis für andere Zeitpunkte: Objekte mit prompts verfolgen, oder ein Modell von SAM2 oder SAM2.1 nehmen</translation>
    </message>
    <message>
      <source>{} has no object, so nothing is recommended</source>
      <translation>{} hat kein Objekt, daher wird nichts empfohlen</translation>
    </message>
    <message>
      <source>{} has no patches: encode the raster again</source>
      <translation>{} hat keine Ausschnitte: das Raster noch einmal kodieren</translation>
    </message>
    <message>
      <source>{} has no such patch</source>
      <translation>{} hat keinen solchen Ausschnitt</translation>
    </message>
    <message>
      <source>{} has no {} yet</source>
      <translation>{} hat noch kein {}</translation>
    </message>
    <message>
      <source>{} has no {}: choose the output folder of Encode raster, or the folder of a Geo-SAM v2 cache that holds it</source>
      <translation>{} hat kein {}: den Ausgabeordner von „Raster kodieren“ wählen, oder den Ordner eines Geo-SAM-v2-Zwischenspeichers, der es enthält</translation>
    </message>
    <message>
      <source>{} has patches in another CRS than {}: give the rasters instead of the folders, or encode all dates in one target CRS</source>
      <translation>{} hat Ausschnitte in einem anderen KBS als {}: die Raster statt der Ordner angeben, oder alle Zeitpunkte in einem Ziel-KBS kodieren</translation>
    </message>
    <message>
      <source>{} has {} bytes, but the file that is wanted has {}: {}</source>
      <translation>{} hat {} Bytes, aber die gesuchte Datei hat {}: {}</translation>
    </message>
    <message>
      <source>{} holds features of {}, but {} is a checkpoint of {}: take a checkpoint of {}</source>
      <translation>{} enthält Merkmale von {}, aber {} ist ein Checkpoint von {}: einen Checkpoint von {} nehmen</translation>
    </message>
    <message>
      <source>{} holds no engine that Install engine made ({} is missing), so nothing was removed: name the FOLDER that it was installed in</source>
      <translation>{} enthält keine Engine, die „Engine installieren“ angelegt hat ({} fehlt), daher wurde nichts entfernt: den FOLDER nennen, in dem sie installiert wurde</translation>
    </message>
    <message>
      <source>{} holds no shards. Give the output folder of an encoding with shards</source>
      <translation>{} enthält keine Teile. Den Ausgabeordner einer Kodierung mit Teilen angeben</translation>
    </message>
    <message>
      <source>{} holds other than numbers</source>
      <translation>{} enthält anderes als Zahlen</translation>
    </message>
    <message>
      <source>{} holds shards that are not merged yet: run Merge feature shards first</source>
      <translation>{} enthält Teile, die noch nicht zusammengeführt sind: erst „Teile von Merkmalen zusammenführen“ ausführen</translation>
    </message>
    <message>
      <source>{} holds something other than a virtual environment: empty it or name another folder with --target</source>
      <translation>{} enthält etwas anderes als eine virtuelle Umgebung: den Ordner leeren, oder mit --target einen anderen nennen</translation>
    </message>
    <message>
      <source>{} holds something other than an engine that Install engine made: name a new or empty FOLDER</source>
      <translation>{} enthält etwas anderes als eine Engine, die „Engine installieren“ angelegt hat: einen neuen oder leeren FOLDER nennen</translation>
    </message>
    <message>
      <source>{} holds {}, not {}: choose MODEL {}</source>
      <translation>{} enthält {}, nicht {}: MODEL {} wählen</translation>
    </message>
    <message>
      <source>{} is a feature folder of Geo-SAM and cannot be continued</source>
      <translation>{} ist ein Merkmalordner von Geo-SAM und lässt sich nicht fortsetzen</translation>
    </message>
    <message>
      <source>{} is a feature folder of Geo-SAM and cannot be continued: choose another output folder</source>
      <translation>{} ist ein Merkmalordner von Geo-SAM und lässt sich nicht fortsetzen: einen anderen Ausgabeordner wählen</translation>
    </message>
    <message>
      <source>{} is an incomplete download. Run again without FILE to continue it</source>
      <translation>{} ist ein unvollständiger Download. Erneut ohne FILE ausführen, um ihn fortzusetzen</translation>
    </message>
    <message>
      <source>{} is damaged ({}). Encode its shard again</source>
      <translation>{} ist beschädigt ({}). Den Teil noch einmal kodieren</translation>
    </message>
    <message>
      <source>{} is damaged and cannot be read ({}{}{}): restore it, or encode the raster again into another folder</source>
      <translation>{} ist beschädigt und lässt sich nicht lesen ({}{}{}): die Datei wiederherstellen, oder das Raster neu in einen anderen Ordner kodieren</translation>
    </message>
    <message>
      <source>{} is damaged, as a full disk leaves it. Delete this file and run again</source>
      <translation>{} ist beschädigt, wie ein voller Datenträger es hinterlässt. Diese Datei löschen und erneut ausführen</translation>
    </message>
    <message>
      <source>{} is neither on the package index that pip is configured for nor in the folder of wheels: check the network, PIP_INDEX_URL or that folder</source>
      <translation>{} ist weder in dem Paketverzeichnis, auf das pip eingestellt ist, noch im Ordner mit Wheels: das Netz, PIP_INDEX_URL oder diesen Ordner prüfen</translation>
    </message>
    <message>
      <source>{} is no list of {} numbers</source>
      <translation>{} ist keine Liste von {} Zahlen</translation>
    </message>
    <message>
      <source>{} is not between 0 and 1</source>
      <translation>{} liegt nicht zwischen 0 und 1</translation>
    </message>
    <message>
      <source>{} is not the checkpoint of this run (SHA-256 {}..., not {}...)</source>
      <translation>{} ist nicht der Checkpoint dieses Laufs (SHA-256 {}..., nicht {}...)</translation>
    </message>
    <message>
      <source>{} is not the file that is wanted (SHA-256 {}..., not {}...) and was dropped: {}</source>
      <translation>{} ist nicht die gesuchte Datei (SHA-256 {}..., nicht {}...) und wurde verworfen: {}</translation>
    </message>
    <message>
      <source>{} is not the manifest of a feature folder, it lacks the columns {}: choose the output folder of Encode raster</source>
      <translation>{} ist nicht das Manifest eines Merkmalordners, es fehlen die Spalten {}: den Ausgabeordner von „Raster kodieren“ wählen</translation>
    </message>
    <message>
      <source>{} is not the official checkpoint of {} (SHA-256 {}...): its weights are used as they are</source>
      <translation>{} ist nicht der offizielle Checkpoint von {} (SHA-256 {}...): seine Gewichte werden benutzt, wie sie sind</translation>
    </message>
    <message>
      <source>{} is not the official checkpoint of {} ({} bytes, SHA-256 {}...): try again, or give a mirror</source>
      <translation>{} ist nicht der offizielle Checkpoint von {} ({} Bytes, SHA-256 {}...): erneut versuchen, oder einen Spiegelserver angeben</translation>
    </message>
    <message>
      <source>{} is not the official file of {} ({}): carry it over again from {}, or give weights of your own as CHECKPOINT where they are used</source>
      <translation>{} ist nicht die offizielle Datei von {} ({}): sie noch einmal von {} übertragen, oder eigene Gewichte dort, wo sie benutzt werden, als CHECKPOINT angeben</translation>
    </message>
    <message>
      <source>{} is not the vocabulary of SAM3, which is CLIP's. Take the file from the page of the checkpoint, or run Install engine with SAM3</source>
      <translation>{} ist nicht das Vokabular von SAM3, das von CLIP stammt. Die Datei von der Seite des Checkpoints nehmen, oder „Engine installieren“ mit SAM3 ausführen</translation>
    </message>
    <message>
      <source>{} is small and meant for a first try: for real work take an official model, sam2.1_hiera_tiny or larger ({} is a good choice)</source>
      <translation>{} ist klein und für einen ersten Versuch gedacht: für richtige Arbeit ein offizielles Modell nehmen, sam2.1_hiera_tiny oder größer ({} ist eine gute Wahl)</translation>
    </message>
    <message>
      <source>{} is there already, and is right</source>
      <translation>{} ist schon da und richtig</translation>
    </message>
    <message>
      <source>{} is there but is not the official file of {} (SHA-256 {}..., not {}...): set OVERWRITE to replace it, or choose another FOLDER</source>
      <translation>{} ist da, aber nicht die offizielle Datei von {} (SHA-256 {}..., nicht {}...): OVERWRITE setzen, um sie zu ersetzen, oder einen anderen FOLDER wählen</translation>
    </message>
    <message>
      <source>{} names a CRS that is unknown ({}): encode the raster again, with a target CRS</source>
      <translation>{} nennt ein unbekanntes KBS ({}): das Raster neu kodieren, mit einem Ziel-KBS</translation>
    </message>
    <message>
      <source>{} names no model of the catalogue ({}): give the checkpoint file that encoded it</source>
      <translation>{} nennt kein Modell des Katalogs ({}): die Checkpoint-Datei angeben, mit der kodiert wurde</translation>
    </message>
    <message>
      <source>{} needs a Python package that the engine's environment lacks ({}): {}</source>
      <translation>{} braucht ein Python-Paket, das in der Umgebung der Engine fehlt ({}): {}</translation>
    </message>
    <message>
      <source>{} needs a license: accept it at {}, download {} there, and give that file as the checkpoint</source>
      <translation>{} braucht eine Lizenz: sie auf {} annehmen, {} dort herunterladen, und diese Datei als Checkpoint angeben</translation>
    </message>
    <message>
      <source>{} objects on {} dates by {}: {} seen, {} not seen, {} gone; {} s</source>
      <translation>{} Objekte an {} Zeitpunkten mit {}: {} gesehen, {} nicht gesehen, {} verschwunden; {} s</translation>
    </message>
    <message>
      <source>{} objects on {} patches, {} points in {} s</source>
      <translation>{} Objekte auf {} Ausschnitten, {} Punkte in {} s</translation>
    </message>
    <message>
      <source>{} objects reach too far into other shards and stay cut</source>
      <translation>{} Objekte reichen zu weit in andere Teile und bleiben abgeschnitten</translation>
    </message>
    <message>
      <source>{} of an earlier run lacks tiles ({}): give another OUTPUT to fetch them again, or choose MISSING=mask</source>
      <translation>{} eines früheren Laufs fehlen Kacheln ({}): einen anderen OUTPUT angeben, um sie neu abzurufen, oder MISSING=mask wählen</translation>
    </message>
    <message>
      <source>{} of its place have no data</source>
      <translation>{} seines Ortes sind ohne Daten</translation>
    </message>
    <message>
      <source>{} of the pixels are at or above the upper end of the range {} to {}: the values reach from {} to {}. Give the range in the values that QGIS shows</source>
      <translation>{} der Pixel liegen am oberen Ende des Bereichs {} bis {} oder darüber: die Werte reichen von {} bis {}. Den Bereich in den Werten angeben, die QGIS zeigt</translation>
    </message>
    <message>
      <source>{} of the pixels are at or below the lower end of the range {} to {}: the values reach from {} to {}. Give the range in the values that QGIS shows</source>
      <translation>{} der Pixel liegen am unteren Ende des Bereichs {} bis {} oder darunter: die Werte reichen von {} bis {}. Den Bereich in den Werten angeben, die QGIS zeigt</translation>
    </message>
    <message>
      <source>{} of {} features of {} have no geometry, or none in the raster's CRS, and do not count</source>
      <translation>{} von {} Objekten von {} haben keine Geometrie, oder keine im KBS des Rasters, und zählen nicht</translation>
    </message>
    <message>
      <source>{} of {} objects lie outside the raster or its extent and do not count</source>
      <translation>{} von {} Objekten liegen außerhalb des Rasters oder seiner Ausdehnung und zählen nicht</translation>
    </message>
    <message>
      <source>{} of {} objects match one of {} references</source>
      <translation>{} von {} Objekten entsprechen einer von {} Referenzen</translation>
    </message>
    <message>
      <source>{} of {} patches are there already and are reused</source>
      <translation>{} von {} Ausschnitten sind schon da und werden wiederverwendet</translation>
    </message>
    <message>
      <source>{} of {} patches were asked by an earlier run</source>
      <translation>{} von {} Ausschnitten wurden von einem früheren Lauf abgefragt</translation>
    </message>
    <message>
      <source>{} outside the assessed area, which do not count: {}</source>
      <translation>{} außerhalb des bewerteten Gebiets, die nicht zählen: {}</translation>
    </message>
    <message>
      <source>{} patches are missing in {}, such as {} ({}). Encode the raster again into the same folder, or allow missing patches</source>
      <translation>{} Ausschnitte fehlen in {}, etwa {} ({}). Das Raster noch einmal in denselben Ordner kodieren, oder fehlende Ausschnitte zulassen</translation>
    </message>
    <message>
      <source>{} patches are missing in {}, such as {} ({}). Run these shards again, or allow missing patches: {}</source>
      <translation>{} Ausschnitte fehlen in {}, etwa {} ({}). Diese Teile noch einmal ausführen, oder fehlende Ausschnitte zulassen: {}</translation>
    </message>
    <message>
      <source>{} patches are searched for {} kinds of objects</source>
      <translation>{} Ausschnitte werden nach {} Arten von Objekten durchsucht</translation>
    </message>
    <message>
      <source>{} patches from {} to {}: {}</source>
      <translation>{} Ausschnitte von {} bis {}: {}</translation>
    </message>
    <message>
      <source>{} patches have nearly {} objects of a kind, the most that a patch can have, so more may be missing: {}. Encode at a finer resolution</source>
      <translation>{} Ausschnitte haben fast {} Objekte einer Art, so viele, wie ein Ausschnitt haben kann; es könnten also weitere fehlen: {}. In feinerer Auflösung kodieren</translation>
    </message>
    <message>
      <source>{} patches in {} rows and {} columns over {} x {} pixels ({}, patches of {} pixels, stride {})</source>
      <translation>{} Ausschnitte in {} Zeilen und {} Spalten über {} x {} Pixel ({}, Ausschnitte von {} Pixeln, Schrittweite {})</translation>
    </message>
    <message>
      <source>{} patches of {} parts are merged</source>
      <translation>{} Ausschnitte aus {} Teilen sind zusammengeführt</translation>
    </message>
    <message>
      <source>{} patches: {}</source>
      <translation>{} Ausschnitte: {}</translation>
    </message>
    <message>
      <source>{} prompts: {}</source>
      <translation>{} Vorgaben: {}</translation>
    </message>
    <message>
      <source>{} takes points and boxes only. Encode with the model sam3 to find objects by words and examples</source>
      <translation>{} nimmt nur Punkte und Rahmen. Mit dem Modell sam3 kodieren, um Objekte nach Wörtern und Beispielen zu finden</translation>
    </message>
    <message>
      <source>{} tiles of the layer {} failed ({}): {}</source>
      <translation>{} Kacheln des Layers {} scheiterten ({}): {}</translation>
    </message>
    <message>
      <source>{} was changed after {} was made, or was encoded with another nodata value: the contrast of objects may be wrong</source>
      <translation>{} wurde geändert, nachdem {} angelegt wurde, oder wurde mit einem anderen Nodata-Wert kodiert: der Kontrast der Objekte stimmt vielleicht nicht</translation>
    </message>
    <message>
      <source>{} was changed or removed while it was needed: run this again</source>
      <translation>{} wurde geändert oder entfernt, während es gebraucht wurde: erneut ausführen</translation>
    </message>
    <message>
      <source>{} was encoded with another model or checkpoint than {}: encode all dates with one</source>
      <translation>{} wurde mit einem anderen Modell oder Checkpoint kodiert als {}: alle Zeitpunkte mit einem kodieren</translation>
    </message>
    <message>
      <source>{} was encoded with other settings ({}): choose another output folder, or the settings of before to continue</source>
      <translation>{} wurde mit anderen Einstellungen kodiert ({}): einen anderen Ausgabeordner wählen, oder zum Fortsetzen die früheren Einstellungen</translation>
    </message>
    <message>
      <source>{} was not found ({} may be out of reach): installing {}, which works as well but may bring several gigabytes of CUDA libraries.</source>
      <translation>{} wurde nicht gefunden ({} ist vielleicht nicht erreichbar): {} wird installiert, das ebenso geht, aber mehrere Gigabyte CUDA-Bibliotheken mitbringen kann.</translation>
    </message>
    <message>
      <source>{} was not written by GeoSAM Processing and cannot be merged</source>
      <translation>{} wurde nicht von GeoSAM Processing geschrieben und lässt sich nicht zusammenführen</translation>
    </message>
    <message>
      <source>{} was not written by GeoSAM Processing and is left as it is: choose another output folder</source>
      <translation>{} stammt nicht von GeoSAM Processing und bleibt, wie es ist: einen anderen Ausgabeordner wählen</translation>
    </message>
    <message>
      <source>{} with an invalid geometry, which was repaired: {}</source>
      <translation>{} mit ungültiger Geometrie, die repariert wurde: {}</translation>
    </message>
    <message>
      <source>{} without an area, which do not count: {} (ids {}{})</source>
      <translation>{} ohne Fläche, die nicht zählen: {} (Nummern {}{})</translation>
    </message>
    <message>
      <source>{} x {} (such as {})</source>
      <translation>{} x {} (etwa {})</translation>
    </message>
    <message>
      <source>{} x {} is the size of no patch</source>
      <translation>{} x {} ist die Größe keines Ausschnitts</translation>
    </message>
    <message>
      <source>{}, free {}</source>
      <translation>{}, davon frei {}</translation>
    </message>
    <message>
      <source>{}, {} cores</source>
      <translation>{}, {} Kerne</translation>
    </message>
    <message>
      <source>{}. Trying uv ...</source>
      <translation>{}. Es wird mit uv versucht ...</translation>
    </message>
    <message>
      <source>{}. Until then no time can be measured</source>
      <translation>{}. Bis dahin lässt sich keine Dauer messen</translation>
    </message>
    <message>
      <source>{}: no objects. The best score was {}, the minimum is {}</source>
      <translation>{}: keine Objekte. Die beste Güte war {}, die Mindestgüte ist {}</translation>
    </message>
    <message>
      <source>{}: no patch shows an example of it</source>
      <translation>{}: kein Ausschnitt zeigt ein Beispiel davon</translation>
    </message>
    <message>
      <source>{}: the field {} is called {} there</source>
      <translation>{}: das Feld {} heißt dort {}</translation>
    </message>
    <message>
      <source>{}: trying again in {} s</source>
      <translation>{}: in {} s wird es erneut versucht</translation>
    </message>
    <message>
      <source>{}: {} objects on {} patches</source>
      <translation>{}: {} Objekte auf {} Ausschnitten</translation>
    </message>
    <message>
      <source>{}; see the lines above</source>
      <translation>{}; siehe die Zeilen darüber</translation>
    </message>
    <message>
      <source>{}; {} of {} of all prompts</source>
      <translation>{}; {} von {} aller Vorgaben</translation>
    </message>
    <message>
      <source>{}; {} of {} prompts answered</source>
      <translation>{}; {} von {} Vorgaben beantwortet</translation>
    </message>
  </context>
</TS>
